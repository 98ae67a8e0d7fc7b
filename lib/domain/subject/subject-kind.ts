import { keySafe } from './log-key.ts';

/**
 * One kind of what the log's partition key (`incident_id`) names. A key says by its own shape of which kind it is,
 * whatever id from outside it was made of, so no two kinds ever own the same key.
 */
export interface SubjectKind {
  /** What people call one of it, before its id. */
  noun: string;
  /** The key of the subject with this id. */
  key(id: string): string;
  owns(key: string): boolean;
  /** The id in one of its own keys; a hash where the id fits no key. */
  idOf(key: string): string;
}

/** A kind whose keys are `<prefix>:<id>`. */
export function prefixed(prefix: string, noun: string): SubjectKind {
  const start = `${prefix}:`;
  return {
    noun,
    key: (id) => start + keySafe(id),
    owns: (key) => key.startsWith(start),
    idOf: (key) => key.slice(start.length),
  };
}
