import { decide } from '../../domain/matching/decide.ts';
import { lookupKeys } from '../../domain/matching/lookup-keys.ts';
import type { Matcher } from '../../domain/matching/matcher.ts';
import type { Store } from '../database/dynamo.ts';
import { currentGeneration, inForce, readConsistently, readLookup } from './reader.ts';

/** Two round trips whatever the size of the catalog: the pointer, then the generation and a few keys at once. */
export function createMatcher(store: Store): Matcher {
  return {
    async match(input) {
      const { generation, result } = await readConsistently(store, () =>
        Promise.all(lookupKeys(input).map((key) => readLookup(store, key))),
      );
      const found = inForce(generation, result.flat()).flatMap((row) => row.entries);
      return { match: decide(input, found), generation: generation.generation };
    },
    currentGeneration: () => currentGeneration(store),
  };
}
