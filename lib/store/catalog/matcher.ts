import { assembleCatalog } from '../../domain/catalog/assemble.ts';
import { companionKeys } from '../../domain/matching/companion-keys.ts';
import { decide } from '../../domain/matching/decide.ts';
import { lookupKeys } from '../../domain/matching/lookup-keys.ts';
import type { Matcher } from '../../domain/matching/matcher.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { currentGeneration, inForce, readConsistently, readLookup } from './reader.ts';
import type { EntriesRow, GenerationRow } from './rows.ts';

/**
 * Two round trips whatever the size of the catalog: the pointer, then the generation and a few keys at once. A third
 * for what sources say of one service in several places, and for names that several namespaces use, where there are
 * such at all.
 */
export function createMatcher(store: Store): Matcher {
  return {
    async match(input) {
      const keys = lookupKeys(input);
      const { generation, result } = await readConsistently(store, () =>
        Promise.all(keys.map((key) => readLookup(store, key))),
      );
      const rows = inForce(generation, result.flat());
      const companions = await readCompanions(store, generation, rows, keys);
      const found = [...rows, ...companions].flatMap(({ source, entries }) =>
        entries.map((entry) => ({ source, entry })),
      );
      return { match: decide(input, assembleCatalog(found)), generation: generation.generation };
    },
    currentGeneration: () => currentGeneration(store),
  };
}

async function readCompanions(
  store: Store,
  generation: GenerationRow,
  rows: readonly EntriesRow[],
  asked: readonly string[],
): Promise<EntriesRow[]> {
  const complete = Object.values(generation.sources).every(
    ({ shares, namespaced }) => !(shares || namespaced),
  );
  if (complete) return [];
  const keys = companionKeys(rows.flatMap((row) => row.entries)).filter((key) => !asked.includes(key));
  const found = await inParallel(keys, lookupsAtOnce, (key) => readLookup(store, key));
  return inForce(generation, found.flat());
}

/** More than a service and its team need; a URL that hundreds of services share needs as many. */
const lookupsAtOnce = 16;
