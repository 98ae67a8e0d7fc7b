import type { Counters } from '../receive/source.ts';

/** What `ingest` counts, whichever source a request is for. */
export const ingestCounters: Counters = {
  received: 'IngestReceived',
  duplicate: 'IngestDuplicate',
  refused: 'IngestRefused',
  unauthenticated: 'IngestUnauthenticated',
  mismatched: 'IngestMismatches',
  quarantined: 'WebhooksQuarantined',
  failed: 'IngestFailed',
};
