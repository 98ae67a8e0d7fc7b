import { type CatalogSource, SourceFault } from '../../adapters/catalog-sources/source.ts';
import type { Finding } from '../../domain/catalog/definition.ts';
import { parseDefinitions } from '../../domain/catalog/parse-definitions.ts';
import { uniteDefinitions } from '../../domain/catalog/unite-definitions.ts';
import { applyPush, planPush } from '../../store/catalog/push.ts';
import { CatalogPushError } from '../../store/catalog/push-error.ts';
import type { PushDeps, PushPlan, PushResult } from '../../store/catalog/push-plan.ts';

export interface SyncOptions {
  dryRun?: boolean;
  /** Lets a catalog lose more than a third of its entries. */
  allowShrink?: boolean;
}

export type Synced =
  | { kind: 'synced'; plan: PushPlan; result?: PushResult; faults: Finding[] }
  /** The catalog is as it was; `reason` is for people. */
  | {
      kind: 'failed';
      code: 'source_unreadable' | 'catalog_shrunk' | CatalogPushError['code'];
      reason: string;
    };

/** For all pages together. */
const longestMs = 120_000;

/**
 * Makes what a live catalog's source defines equal to what that catalog answers now, by a push like that of files. An
 * answer that is empty, incomplete or much smaller than what is there changes nothing.
 */
export async function syncSource(
  deps: PushDeps,
  source: CatalogSource,
  options: SyncOptions = {},
): Promise<Synced> {
  try {
    const texts = await source.read(deps.clock.now() + longestMs);
    const parsed = texts.map((text) => parseDefinitions(source.name, text));
    const faults = parsed.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
    const definitions = parsed.flatMap((each) => each.definitions);
    if (definitions.length === 0) {
      return {
        kind: 'failed',
        code: 'catalog_empty',
        reason: 'it defines no service or team, which is taken for a mistake',
      };
    }
    // Where one stands says nothing: the order of an answer is not promised.
    const unread = parsed.flatMap((each) => each.unread).map((each) => ({ ...each, file: source.name }));
    const entries = uniteDefinitions(
      definitions.map((definition) => ({
        ...definition,
        entry: { ...definition.entry, origins: [{ file: source.name, format: definition.entry.format }] },
      })),
    ).entries;
    const plan = await planPush(deps.store, { source: source.name, entries, unread });
    const shrunk = options.allowShrink ? undefined : shrinkage(plan);
    if (shrunk !== undefined) return { kind: 'failed', code: 'catalog_shrunk', reason: shrunk };
    if (options.dryRun) return { kind: 'synced', plan, faults };
    return { kind: 'synced', plan, result: await applyPush(deps, plan), faults };
  } catch (error) {
    if (error instanceof SourceFault)
      return { kind: 'failed', code: 'source_unreadable', reason: error.message };
    if (error instanceof CatalogPushError) return { kind: 'failed', code: error.code, reason: error.message };
    throw error;
  }
}

function shrinkage({ difference: { removed, changed, unchanged }, entries }: PushPlan): string | undefined {
  const before = removed.length + changed.length + unchanged;
  if (entries.length * 3 >= before * 2) return undefined;
  return `it has ${entries.length} entries now and had ${before}, a fall of more than a third; --allow-shrink takes it all the same`;
}
