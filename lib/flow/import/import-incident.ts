import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { logEntriesOf } from '../../adapters/pagerduty-api/incidents.ts';
import { untold } from '../../domain/incident/untold.ts';
import type { AccountIncident } from '../../domain/pagerduty/history/account-incident.ts';
import { type ReplayedEvent, replay } from '../../domain/pagerduty/history/replay.ts';
import { incident as kind } from '../../domain/subject/incident.ts';
import { importedLogKey } from '../../domain/subject/log-key.ts';
import type { Clock } from '../../ports.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { appendImported } from '../../store/events/append-import.ts';
import { loggedEvents } from '../../store/events/events.ts';

export interface ImportDeps {
  api: PagerDutyApi;
  store: Store;
  clock: Clock;
}

/** `history`: nobody is sent it unless asked. `repair`: webhooks did not come, so it goes out like them. */
export type Purpose = 'history' | 'repair';

/** What else an import may be told; without it, everything is written that PagerDuty's log tells. */
export interface ImportLimits {
  /** Nothing that happened before. */
  sinceMs?: number | undefined;
  /** Whether events of this type are wanted. */
  tells?(type: string): boolean;
  /** Count, and write nothing. */
  dryRun?: boolean | undefined;
  /** Told of each event that is written, or would be. */
  onEvent?(event: ReplayedEvent): void;
}

export interface ImportedIncident {
  /** Events written, and those that an import has written before. */
  written: number;
  known: number;
  /** Types of log entries that nobody here knows, by how many there were. */
  unknown: Record<string, number>;
}

/**
 * Writes down what PagerDuty's REST API tells of one incident, up to `untilMs`: its events under ids of their own, in
 * their order, each once however often this is done; to repair, only what nobody has told us. What becomes of them is
 * worked out like that of webhooks.
 */
export async function importIncident(
  deps: ImportDeps,
  incident: AccountIncident,
  purpose: Purpose,
  untilMs: number,
  { sinceMs = 0, tells = () => true, dryRun = false, onEvent }: ImportLimits = {},
): Promise<ImportedIncident> {
  const { api, store, clock } = deps;
  const { events, unknown } = replay(incident, await logEntriesOf(api, incident.id));
  const subject = kind.key(incident.id);
  // PagerDuty's order within a second is no promise: an entry must not come under another key the next time.
  const log = await loggedEvents(store, subject);
  const ids = new Set(log.map(({ eventId }) => eventId));
  const isMissing = purpose === 'repair' ? new Set(untold(events, log)) : { has: () => true };
  const result: ImportedIncident = { written: 0, known: 0, unknown };
  for (const event of events) {
    const { id, atMs, type } = event;
    if (atMs > untilMs || atMs < sinceMs || !tells(type)) continue;
    const now = clock.now();
    const written =
      !ids.has(id) &&
      isMissing.has(event) &&
      (dryRun || (await appendImported(store, logged(subject, event, purpose, now), now)));
    if (written) {
      result.written += 1;
      onEvent?.(event);
    } else result.known += 1;
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
