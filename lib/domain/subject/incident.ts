import { hashedKey, keySafe } from './log-key.ts';
import type { SubjectKind } from './subject-kind.ts';

/** A PagerDuty incident: its key is its id as it is, which is what a person looks for in the tables. */
export const incident: SubjectKind = {
  noun: 'incident',
  // An id that looks like the key of another kind (`service:…`) must not be taken for it.
  key: (id) => (id.includes(':') ? hashedKey(id) : keySafe(id)),
  owns: (key) => !key.includes(':') || key.startsWith('sha256:'),
  idOf: (key) => key,
};
