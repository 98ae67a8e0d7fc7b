import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import type { Fault } from '../../../domain/dora/fault.ts';
import type { Reading, Source } from '../../receive/source.ts';
import { ingestCounters } from '../counters.ts';
import type { IngestDeps } from '../deps.ts';
import { keysFor } from '../keys.ts';
import { maxBodyBytes } from '../max-body.ts';
import { answerOutcome, badRequest } from './answers.ts';

/** An API Gateway waits 30 seconds, and lists may read many rows. */
const answerWithinMs = 20_000;

/** One operation of the DORA API as a source: whose keys it wants, and what it makes of a request. */
export const operation = (
  deps: IngestDeps,
  method: string,
  wants: 'reporting' | 'managing',
  read: (request: EdgeRequest) => Reading | Promise<Reading>,
): Source => ({
  ...keysFor(wants, deps),
  methods: [method],
  maxBodyBytes,
  answerWithinMs,
  read,
  contextOf: () => ({}),
  answer: answerOutcome,
  whenMismatched:
    'check DD-API-KEY and DD-APPLICATION-KEY against ingest.api_keys and ingest.application_keys',
  noun: 'report',
  counted: ingestCounters,
});

export const refused = (faults: readonly Fault[]): Reading => ({
  kind: 'answered',
  answer: badRequest(faults),
});
