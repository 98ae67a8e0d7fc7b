import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { logEntriesOf } from '../../adapters/pagerduty-api/incidents.ts';
import type { AccountIncident } from '../../domain/pagerduty/history/account-incident.ts';
import { type ReplayedEvent, replay } from '../../domain/pagerduty/history/replay.ts';
import { incident as kind } from '../../domain/subject/incident.ts';
import { importedLogKey } from '../../domain/subject/log-key.ts';
import type { Clock } from '../../ports.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { appendImported } from '../../store/events/append-import.ts';
import { loggedEventIds } from '../../store/events/events.ts';

export interface ImportDeps {
  api: PagerDutyApi;
  store: Store;
  clock: Clock;
}

/** `history`: nobody is sent it unless asked. `repair`: webhooks did not come, so it goes out like them. */
export type Purpose = 'history' | 'repair';

export interface ImportedIncident {
  /** Events written, and those that an import has written before. */
  written: number;
  known: number;
  /** Types of log entries that nobody here knows, by how many there were. */
  unknown: Record<string, number>;
}

/**
 * Writes down what PagerDuty's REST API tells of one incident, up to `untilMs`: its events under ids of their own, in
 * their order, each once however often this is done. What becomes of them is worked out like that of webhooks.
 */
export async function importIncident(
  deps: ImportDeps,
  incident: AccountIncident,
  purpose: Purpose,
  untilMs: number,
): Promise<ImportedIncident> {
  const { api, store, clock } = deps;
  const { events, unknown } = replay(incident, await logEntriesOf(api, incident.id));
  const subject = kind.key(incident.id);
  // PagerDuty's order within a second is no promise: an entry must not come under another key the next time.
  const ids = await loggedEventIds(store, subject);
  const result: ImportedIncident = { written: 0, known: 0, unknown };
  for (const event of events) {
    if (event.atMs > untilMs) continue;
    const now = clock.now();
    const written =
      !ids.has(event.id) && (await appendImported(store, logged(subject, event, purpose, now), now));
    if (written) result.written += 1;
    else result.known += 1;
  }
  return result;
}

const logged = (subject: string, event: ReplayedEvent, purpose: Purpose, nowMs: number) => ({
  incidentId: subject,
  logKey: importedLogKey(event.atMs, event.type, event.ordinal, event.id),
  eventId: event.id,
  eventType: event.type,
  occurredAt: iso(event.atMs),
  receivedAt: iso(nowMs),
  imported: purpose,
  body: event.body,
});
