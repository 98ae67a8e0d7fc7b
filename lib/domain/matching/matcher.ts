import type { Given, Match, MatchInput } from './match.ts';

/** Looks a PagerDuty service up in the catalog as it is now. */
export interface Matcher {
  /** `generation` names the state of the catalog that was judged by. Throws when the catalog cannot be read. */
  match(input: MatchInput): Promise<{ match: Match; generation: string }>;
  /** The match of an incident that says itself whose it is; the catalog adds what is not said. */
  give(given: Given): Promise<Match>;
  currentGeneration(): Promise<string>;
}
