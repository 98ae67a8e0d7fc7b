import type { Commit } from '../../domain/deployment/lead-time/median-of-commits.ts';
import type { Clock, Http, Secrets } from '../../ports.ts';

export interface GitHostDeps {
  http: Http;
  secrets: Secrets;
  clock: Clock;
}

/** What lies between two commits, as their host has it. */
export type Compared =
  /** The later contains the earlier; what it has beyond it. */
  | { kind: 'ahead'; commits: Commit[] }
  | { kind: 'not_ahead'; reason: 'same_commit' | 'goes_back' | 'diverged' | 'too_many' | 'not_found' }
  /** Not now: `untilMs`, epoch milliseconds, where the host says when. */
  | { kind: 'later'; reason: string; untilMs?: number | undefined };

/** Two commits of one of the host's repositories; `path` is the repository's there, as in acme/shop. */
export interface Between {
  path: string;
  base: string;
  head: string;
}

/** Where code is kept. */
export interface GitHost {
  /** As repositories name it: github.com. */
  host: string;
  /** Done before `deadlineMs`, epoch milliseconds. Whatever goes wrong is an answer, never thrown. */
  compare(between: Between, deadlineMs: number): Promise<Compared>;
}

/** More is not looked at. */
export const mostCommits = 5_000;
