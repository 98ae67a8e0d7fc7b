import type { Evidence } from './evidence.ts';

/** One promise of the bridge. Says what it found broken, in a sentence each; knows nothing of the code. */
export interface Check {
  name: string;
  look(evidence: Evidence, broken: (sentence: string) => void): void;
}

export interface Violation {
  check: string;
  message: string;
}
