import {
  type AccountIncident,
  readAccountIncident,
} from '../../domain/pagerduty/history/account-incident.ts';
import { type LogEntry, readLogEntry } from '../../domain/pagerduty/history/log-entry.ts';
import type { PagerDutyApi } from './api.ts';
import { absentIfNotFound, PagerDutyFault } from './pagerduty-fault.ts';
import { eachItem } from './pages.ts';

type Query = readonly (readonly [string, string])[];

/** Of whose creation; both ends belong to it. Epoch milliseconds, at most six months apart. */
export interface Window {
  sinceMs: number;
  untilMs: number;
}

/** With its zone, and in whole seconds: without a zone PagerDuty reads a time in that of the account. */
export const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

const windowQuery = ({ sinceMs, untilMs }: Window, services: readonly string[]): Query => [
  ['since', time(sinceMs)],
  // Of only one end PagerDuty makes a window of a month.
  ['until', time(untilMs)],
  ['time_zone', 'UTC'],
  ...services.map((id) => ['service_ids[]', id] as const),
];

/** How many incidents were created in the window. Scope of all here: incidents.read. */
export async function countIncidents(
  api: PagerDutyApi,
  window: Window,
  services: readonly string[],
): Promise<number> {
  const query: Query = [...windowQuery(window, services), ['limit', '1'], ['total', 'true']];
  const { body } = await api.call({ method: 'GET', path: '/incidents', query });
  const total = body['total'];
  if (typeof total === 'number') return total;
  throw new PagerDutyFault('unreadable', `${api.host} did not say how many incidents there are`);
}

/** The incidents created in the window, the first one first, each once; at most `most`. */
export async function* incidentsOf(
  api: PagerDutyApi,
  window: Window,
  services: readonly string[],
  most: number,
): AsyncGenerator<AccountIncident> {
  yield* listed(api, [...windowQuery(window, services), ['sort_by', 'created_at:asc']], most);
}

/** However old they are. */
const ofAllTimes: Query = [
  ['date_range', 'all'],
  ['time_zone', 'UTC'],
];

/** Every incident that is open, the oldest first; at most `most`. */
export const openIncidentsOf = (api: PagerDutyApi, most: number): AsyncGenerator<AccountIncident> =>
  listed(
    api,
    [
      ...ofAllTimes,
      ['statuses[]', 'triggered'],
      ['statuses[]', 'acknowledged'],
      ['sort_by', 'created_at:asc'],
    ],
    most,
  );

/** Every incident that is resolved, the one that was resolved last first; at most `most`. */
export const resolvedIncidentsOf = (api: PagerDutyApi, most: number): AsyncGenerator<AccountIncident> =>
  listed(api, [...ofAllTimes, ['statuses[]', 'resolved'], ['sort_by', 'resolved_at:desc']], most);

async function* listed(api: PagerDutyApi, query: Query, most: number): AsyncGenerator<AccountIncident> {
  let count = 0;
  for await (const item of eachItem(api, { path: '/incidents', key: 'incidents', query })) {
    const incident = readAccountIncident(item);
    if (incident !== undefined) yield incident;
    count += 1;
    if (count >= most) return;
  }
}

/** One incident as it is now; undefined where PagerDuty knows none of this id. */
export async function readOneIncident(api: PagerDutyApi, id: string): Promise<AccountIncident | undefined> {
  const path = `/incidents/${encodeURIComponent(id)}`;
  const answer = await absentIfNotFound(api.call({ method: 'GET', path, query: [['time_zone', 'UTC']] }));
  return answer && readAccountIncident(answer.body['incident']);
}

/** An incident's whole log, the newest entry first, as PagerDuty gives it. */
export async function logEntriesOf(api: PagerDutyApi, incidentId: string): Promise<LogEntry[]> {
  const path = `/incidents/${incidentId}/log_entries`;
  const query: Query = [
    ['is_overview', 'false'],
    ['include[]', 'channels'],
    ['time_zone', 'UTC'],
  ];
  const entries: LogEntry[] = [];
  for await (const item of eachItem(api, { path, key: 'log_entries', query })) {
    const entry = readLogEntry(item);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}
