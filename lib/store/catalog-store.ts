import { decide } from '../matching/decide.ts';
import { lookupKeys } from '../matching/lookup-keys.ts';
import type { Match, MatchInput } from '../matching/match.ts';
import { currentGeneration, inForce, readConsistently, readLookup } from './catalog-reader.ts';
import type { Store } from './dynamo.ts';

export interface Matcher {
  /** The match by the catalog in force, and which generation that was. Throws when the catalog cannot be read. */
  match(input: MatchInput): Promise<{ match: Match; generation: string }>;
  /** A string that grows with every change of the catalog; `0000000000` while it is empty. */
  currentGeneration(): Promise<string>;
}

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
