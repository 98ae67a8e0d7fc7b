import * as z from 'zod';
import type { Problem, ReadText } from './format.ts';

export interface OwnerRef {
  /** In lower case; an owner without a kind is a group. */
  kind: string;
  /** In lower case, as Backstage compares it; undefined where the reference names none. */
  namespace?: string;
  name: string;
}

/**
 * A Backstage entity reference, `[<kind>:][<namespace>/]<name>`, as `spec.owner` has it.
 * https://backstage.io/docs/features/software-catalog/references
 */
export function parseOwner(reference: string): OwnerRef | undefined {
  const parts = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(reference.trim());
  const name = parts?.[3]?.trim();
  const namespace = parts?.[2]?.trim().toLowerCase();
  if (!name) return undefined;
  return {
    kind: (parts?.[1] ?? 'group').trim().toLowerCase(),
    ...(namespace ? { namespace } : {}),
    name,
  };
}

const placeholder = z.looseObject({ $text: z.string() });
const longestOwner = 300;

/** What an owner says, at most once through a file beside the definition; a problem where it cannot be had. */
export function ownerText(
  owner: unknown,
  readText: ReadText | undefined,
): { text?: string; problem?: Problem } {
  if (typeof owner === 'string') return owner.trim() === '' ? {} : { text: owner };
  const parsed = placeholder.safeParse(owner);
  if (!parsed.success) return {};
  const { $text: reference } = parsed.data;
  const text = readText?.(reference)?.trim();
  if (text !== undefined && text !== '' && text.length <= longestOwner) return { text };
  const reason = `spec.owner is to be read from "${reference}", which is not a file with an owner's name beside this one, so this entity has no team`;
  return { problem: { severity: 'warning', path: ['spec', 'owner'], reason } };
}

const relations = z.array(z.unknown());
const ownedBy = z.looseObject({ type: z.literal('ownedBy'), targetRef: z.string() });

/** The owner as Backstage's API has resolved it, which knows more than the definition; undefined in files. */
export function resolvedOwner(found: unknown): string | undefined {
  const list = relations.safeParse(found);
  if (!list.success) return undefined;
  const owners = list.data.flatMap((relation) => ownedBy.safeParse(relation).data?.targetRef ?? []);
  return owners.find((owner) => parseOwner(owner)?.kind === 'group') ?? owners[0];
}
