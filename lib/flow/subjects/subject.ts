import type { SubjectKind } from '../../domain/subject/subject-kind.ts';
import type { WorkDeps } from './deps.ts';

/** A subject to look after, and the log keys of its events that ask for it. */
export interface Wake {
  /** Its key. */
  subject: string;
  logKeys: readonly string[];
}

/** One kind of subject as the worker sees it: how its keys look, and what is to be done about it. */
export interface Subject {
  kind: SubjectKind;
  /**
   * Does everything the events owe and takes their due marks away once that stands in durable rows. Called in any
   * number, at any time; begins nothing after `stopAtMs`. What it throws is tried again later.
   */
  work(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void>;
}
