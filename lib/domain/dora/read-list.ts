import { parseTimestamp } from '../pagerduty/timestamp.ts';
import type { Fault, Read } from './fault.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { type Matches, parseQuery } from './query.ts';
import { readTyped } from './read-typed.ts';

/** What a list is asked for. Times in epoch milliseconds, both ends part of it. */
export interface ListRequest {
  from?: number;
  to?: number;
  limit: number;
  newestFirst: boolean;
  matches: Matches;
}

const usualLimit = 10;
const mostItems = 1_000;

/** Reads the body of `POST …/deployments` or `…/failures`. `instead` is where things are reported. */
export function readList(rawBody: Uint8Array, type: string, instead: string): Read<ListRequest> {
  const envelope = readTyped(rawBody, type, `to report one, post it to ${instead}`);
  if (envelope.faults) return envelope;
  const faults: Fault[] = [];
  const fields = fieldsOf(envelope.value.attributes, faults);
  const from = readTime(fields, 'from');
  const to = readTime(fields, 'to');
  if (from !== undefined && to !== undefined && to < from) fields.fault('to', 'must not be before from');
  const limit = fields.integer('limit', 1, mostItems) ?? usualLimit;
  const sort = fields.text('sort', { form: /^-?started_at$/, formed: 'started_at or -started_at' });
  const query = parseQuery(fields.text('query', { atMost: 4_000, lines: true }) ?? '*');
  if ('fault' in query) faults.push({ pointer: '/data/attributes/query', ...query.fault });
  if (faults.length > 0 || 'fault' in query) return { faults };
  return {
    value: {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      limit,
      newestFirst: sort !== 'started_at',
      matches: query.matches,
    },
  };
}

function readTime(fields: Fields, key: string): number | undefined {
  const text = fields.text(key);
  if (text === undefined) return undefined;
  const ms = parseTimestamp(text);
  return ms ?? fields.fault(key, 'must be an ISO 8601 time with its zone, such as 2026-03-02T00:00:00Z');
}
