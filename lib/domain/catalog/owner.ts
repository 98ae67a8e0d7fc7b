export interface OwnerRef {
  /** In lower case; an owner without a kind is a group. */
  kind: string;
  name: string;
}

/**
 * A Backstage entity reference, `[<kind>:][<namespace>/]<name>`, as `spec.owner` has it.
 * https://backstage.io/docs/features/software-catalog/references
 */
export function parseOwner(reference: string): OwnerRef | undefined {
  const parts = /^(?:([^:/]+):)?(?:[^:/]+\/)?([^:/]+)$/.exec(reference.trim());
  const name = parts?.[2]?.trim();
  return name ? { kind: (parts?.[1] ?? 'group').trim().toLowerCase(), name } : undefined;
}
