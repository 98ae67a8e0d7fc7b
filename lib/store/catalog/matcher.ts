import type { Contribution } from '../../domain/catalog/assemble.ts';
import { decide } from '../../domain/matching/decide.ts';
import { lookupKeys } from '../../domain/matching/lookup-keys.ts';
import type { Matcher } from '../../domain/matching/matcher.ts';
import { type NameSettings, nameLayers } from '../../domain/matching/name-settings.ts';
import type { Store } from '../database/dynamo.ts';
import { completeEntries } from './find-entries.ts';
import { currentGeneration, inForce, readConsistently, readLookup } from './reader.ts';
import { asWrittenOnly, type EntriesRow, type GenerationRow } from './rows.ts';

/**
 * Two round trips whatever the size of the catalog and however names are compared: the pointer, then the generation
 * and a few keys at once. A third for what sources say of one service in several places, and for names that several
 * namespaces use, where there are such at all.
 */
export function createMatcher(store: Store, settings: NameSettings = {}): Matcher {
  return {
    async match(input) {
      const keys = lookupKeys(input, nameLayers(settings));
      const { generation, result } = await readConsistently(store, () =>
        Promise.all(keys.map((key) => readLookup(store, key))),
      );
      const found = contributions(inForce(generation, result.flat()));
      const entries = await completeEntries(found, keys, isAlone(generation), async (key) =>
        contributions(inForce(generation, await readLookup(store, key))),
      );
      const layers = nameLayers(settings, asWrittenOnly(generation));
      return { match: decide(input, entries, layers), generation: generation.generation };
    },
    currentGeneration: () => currentGeneration(store),
  };
}

/** Each entry with the source that says it. */
export const contributions = (rows: readonly EntriesRow[]): Contribution[] =>
  rows.flatMap(({ source, entries }) => entries.map((entry) => ({ source, entry })));

const isAlone = (generation: GenerationRow): boolean =>
  Object.values(generation.sources).every(({ shares, namespaced }) => !(shares || namespaced));
