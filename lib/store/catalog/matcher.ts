import type { Contribution } from '../../domain/catalog/assemble.ts';
import {
  type AccountSettings,
  entryOnAccount,
  inputOnAccount,
} from '../../domain/matching/account-aliases.ts';
import { decide } from '../../domain/matching/decide.ts';
import { lookupKeys } from '../../domain/matching/lookup-keys.ts';
import { give, givenKeys } from '../../domain/matching/match-given-names.ts';
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
export function createMatcher(store: Store, settings: NameSettings & AccountSettings = {}): Matcher {
  return {
    async match(asked) {
      const input = inputOnAccount(asked, settings);
      const { generation, entries } = await lookUp(store, lookupKeys(input, nameLayers(settings)));
      const layers = nameLayers(settings, asWrittenOnly(generation));
      const onAccount = entries.map((entry) => entryOnAccount(entry, settings));
      return { match: decide(input, onAccount, layers), generation: generation.generation };
    },
    async give(given) {
      return give(given, (await lookUp(store, givenKeys(given))).entries);
    },
    currentGeneration: () => currentGeneration(store),
  };
}

/** What the generation in force has under these keys, and what belongs to that. */
async function lookUp(store: Store, keys: readonly string[]) {
  const { generation, result } = await readConsistently(store, () =>
    Promise.all(keys.map((key) => readLookup(store, key))),
  );
  const found = contributions(inForce(generation, result.flat()));
  const entries = await completeEntries(found, keys, isAlone(generation), async (key) =>
    contributions(inForce(generation, await readLookup(store, key))),
  );
  return { generation, entries };
}

/** Each entry with the source that says it. */
export const contributions = (rows: readonly EntriesRow[]): Contribution[] =>
  rows.flatMap(({ source, entries }) => entries.map((entry) => ({ source, entry })));

export const isAlone = (generation: GenerationRow): boolean =>
  Object.values(generation.sources).every(({ shares, namespaced }) => !(shares || namespaced));
