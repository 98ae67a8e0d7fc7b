/** Everything that can go wrong at one await of the product: one call to a port. */
export const faultKinds = [
  /** The process dies before the call has any effect. */
  'crash_before',
  /** The call takes effect, the process dies before it hears of it. */
  'crash_after',
  /** An error, and it did not take effect. */
  'error_before',
  /** An error although it took effect. */
  'error_after',
  /** The database says: too much. */
  'throttle',
  /** Nothing for a long time, then effect and answer: a paused process comes back as a zombie. */
  'late_effect',
  /** The effect at once, the answer long after leases, claims and deadlines have passed. */
  'late_answer',
  /** The first answer was lost and the SDK sent the request again: the second answer is what is seen. */
  'retried',
] as const;

/** What else an await can meet; not injected at a call but found in the answer. */
export const circumstances = [
  /** An index was read that had not caught up. */
  'stale_index',
  /** A page ended early although there was more. */
  'short_page',
  /** Part of a batch was not processed. */
  'unprocessed',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type Circumstance = (typeof circumstances)[number];

export const isFault = (what: FaultKind | Circumstance): what is FaultKind =>
  (faultKinds as readonly string[]).includes(what);

const read: FaultKind[] = ['crash_before', 'error_before', 'throttle', 'late_effect', 'late_answer'];
const write: FaultKind[] = [...faultKinds];

/** Which faults apply to which kind of call. */
export const applicableFaults: Record<string, readonly FaultKind[]> = {
  GetItem: read,
  Query: read,
  'Query one': read,
  Scan: read,
  BatchGetItem: read,
  PutItem: write,
  UpdateItem: write,
  DeleteItem: write,
  BatchWriteItem: write,
  http: ['crash_before', 'crash_after', 'error_before', 'error_after', 'late_effect', 'late_answer'],
  secret: ['crash_before', 'error_before', 'late_answer'],
  sleep: ['crash_before', 'late_answer'],
};

export const applicableCircumstances: Record<string, readonly Circumstance[]> = {
  Query: ['short_page'],
  'Query of an index': ['short_page', 'stale_index'],
  'Query one of an index': ['stale_index'],
  Scan: ['short_page'],
  BatchGetItem: ['unprocessed'],
  BatchWriteItem: ['unprocessed'],
};
