import {
  type AccountIncident,
  readAccountIncident,
} from '../../domain/pagerduty/history/account-incident.ts';
import { type LogEntry, readLogEntry } from '../../domain/pagerduty/history/log-entry.ts';
import { member, readId } from '../../domain/pagerduty/loose.ts';
import type { PagerDutyApi } from './api.ts';
import { time, type Window } from './incidents.ts';
import { PagerDutyFault } from './pagerduty-fault.ts';
import { eachItem } from './pages.ts';

const path = '/log_entries';

const queryOf = ({ sinceMs, untilMs }: Window) =>
  [
    ['since', time(sinceMs)],
    ['until', time(untilMs)],
    ['time_zone', 'UTC'],
    ['is_overview', 'false'],
  ] as const;

/** How many entries the account's log has of the window, both ends included. Scope: incidents.read. */
export async function countLogEntries(api: PagerDutyApi, window: Window): Promise<number> {
  const query = [...queryOf(window), ['limit', '1'], ['total', 'true']] as const;
  const { body } = await api.call({ method: 'GET', path, query });
  const total = body['total'];
  if (typeof total === 'number') return total;
  throw new PagerDutyFault('unreadable', `${api.host} did not say how many log entries there are`);
}

export interface AccountLogEntry {
  incidentId: string;
  /** As it is now; absent where PagerDuty only refers to it. */
  incident: AccountIncident | undefined;
  entry: LogEntry;
}

/** The account's log of the window, the newest entry first, at most `most`; what belongs to no incident is passed over. */
export async function* accountLog(
  api: PagerDutyApi,
  window: Window,
  most: number,
): AsyncGenerator<AccountLogEntry> {
  const query = [...queryOf(window), ['include[]', 'incidents'], ['include[]', 'channels']] as const;
  let count = 0;
  for await (const item of eachItem(api, { path, key: 'log_entries', query })) {
    const entry = readLogEntry(item);
    const its = member(item, 'incident');
    const incidentId = readId(member(its, 'id'));
    if (entry !== undefined && incidentId !== undefined)
      yield { incidentId, incident: readAccountIncident(its), entry };
    count += 1;
    if (count >= most) return;
  }
}
