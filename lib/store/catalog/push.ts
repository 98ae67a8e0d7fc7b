import { difference, isEmpty } from '../../domain/catalog/difference.ts';
import { type CatalogEntry, entryIdentity } from '../../domain/catalog/entry.ts';
import { withKept } from '../../domain/catalog/kept-entries.ts';
import { batchWrite } from '../database/batch-write.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { flip } from './flip.ts';
import { contradictionsIn, findOverlaps, refuseContradictions } from './overlaps.ts';
import { CatalogPushError } from './push-error.ts';
import type { PushDeps, PushPlan, PushRequest, PushResult } from './push-plan.ts';
import { pushRows } from './push-rows.ts';
import { readConsistently, readSource } from './reader.ts';
import { respellOthers } from './respell.ts';
import { retireGenerations, retireLeftovers } from './retire.ts';
import { asWrittenOnly, partOf } from './rows.ts';

const table = 'catalog';

/** Reads and compares, writes nothing. Throws `CatalogPushError` for what may not be pushed. */
export async function planPush(store: Store, request: PushRequest): Promise<PushPlan> {
  const { source, unread = [], strict = false } = request;
  refuseSourceName(source);
  if (request.entries.length === 0 && unread.length === 0 && !request.allowEmpty) refuseEmpty(source);
  refuseDuplicates(request.entries);
  const { generation: base } = await readConsistently(store, async () => undefined);
  const before = await readSource(store, source, base);
  const { entries, kept } = withKept(before, request.entries, unread, partOf(base, source)?.pushed_at ?? '');
  if (entries.length === 0 && unread.length > 0) refuseEmpty(source);
  const changes = difference(before, entries);
  const rewrite = provenance(before) !== provenance(entries);
  // What was pushed by a version that knew no overlaps is rewritten, and looked at as a whole.
  const toCheck = rewrite ? entries : [...changes.added, ...changes.changed.map(({ after }) => after)];
  const overlaps = await findOverlaps(store, source, toCheck, base);
  const contradictions = contradictionsIn(source, overlaps);
  if (strict) refuseContradictions(contradictions);
  return {
    source,
    entries,
    base,
    difference: changes,
    kept,
    contradictions,
    stillDefined: await findOverlaps(store, source, changes.removed, base),
    shares: overlaps.length > 0 || partOf(base, source)?.shares === true,
    strict,
    rewrite,
  };
}

function refuseEmpty(source: string): never {
  throw new CatalogPushError(
    'catalog_empty',
    `There is nothing to push for source "${source}", and pushing nothing would remove all it defines.`,
  );
}

/** Where all entries come from, as one text. */
function provenance(entries: readonly CatalogEntry[]): string {
  const lines = entries.map(({ origins, keptFrom, ...entry }) =>
    JSON.stringify([entryIdentity(entry as CatalogEntry), origins, keptFrom]),
  );
  return lines.sort().join('\n');
}

/**
 * Makes a plan true: writes the new rows beside the old ones, then flips the pointer. Until that one write,
 * readers see the old catalog, whatever happens to this process. Throws `CatalogPushError` if the source has
 * changed since the plan was made. What an older version pushed becomes known under all its spellings on the way.
 */
export async function applyPush(deps: PushDeps, plan: PushPlan): Promise<PushResult> {
  const { store, clock } = deps;
  const { source, base } = plan;
  const before = partOf(base, source)?.push_id;
  const upToDate = asWrittenOnly(base).length === 0;
  if (isEmpty(plan.difference) && !plan.rewrite && upToDate) {
    await retireLeftovers(store, clock, source, before, undefined);
    return { generation: base.generation, rowsWritten: 0, contradictions: [] };
  }
  const startedMs = clock.now();
  const pushId = `${iso(startedMs)}-${deps.random.token()}`;
  const rows = pushRows(source, pushId, plan.entries);
  // What was pushed comes first: from it, the rows of a push that was killed here can be found and removed.
  await batchWrite(
    store,
    clock,
    table,
    rows.source.map((put) => ({ put })),
  );
  await batchWrite(
    store,
    clock,
    table,
    rows.lookups.map((put) => ({ put })),
  );

  const respelled = await respellOthers(store, clock, base, source);
  const { generation, contradictions } = await flip(deps, plan, { pushId, startedMs, respelled });
  await retireLeftovers(store, clock, source, plan.entries.length === 0 ? undefined : pushId, before);
  await retireGenerations(store, clock, generation);
  return { generation, rowsWritten: rows.source.length + rows.lookups.length, contradictions };
}

/** Plans and applies; a dry run only plans. */
export async function pushCatalog(
  deps: PushDeps,
  request: PushRequest & { dryRun?: boolean },
): Promise<PushPlan & { result?: PushResult }> {
  const plan = await planPush(deps.store, request);
  return request.dryRun ? plan : { ...plan, result: await applyPush(deps, plan) };
}

function refuseSourceName(source: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(source) && source !== '__proto__') return;
  throw new CatalogPushError(
    'catalog_source_name',
    `"${source}" cannot be the name of a source: use up to 200 printable ASCII characters without spaces, such as the repository's name.`,
  );
}

function refuseDuplicates(entries: readonly CatalogEntry[]): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const identity = entryIdentity(entry);
    if (seen.has(identity)) {
      throw new CatalogPushError(
        'catalog_duplicate',
        `"${entry.name}" (${identity}) is defined twice in this push.`,
      );
    }
    seen.add(identity);
  }
}
