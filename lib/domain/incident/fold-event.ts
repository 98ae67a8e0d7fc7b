import type { CustomField } from '../pagerduty/custom-fields.ts';
import { type EventData, eventOf, readEventData } from '../pagerduty/event-data.ts';
import type { ConferenceBridge, IncidentSnapshot } from '../pagerduty/incident-snapshot.ts';
import { isPerson, member, readText } from '../pagerduty/loose.ts';
import type { LoggedEvent } from './logged-event.ts';
import type { IncidentClient } from './state.ts';

/** What the fold needs of one logged event. */
export interface FoldEvent {
  /** Its place in the log; string order is the order of folding. */
  key: string;
  type: string;
  /** ISO 8601, UTC, milliseconds. When it happened, or when it was received if it is `undated`. */
  at: string;
  /** It is dated in the future, so that nobody knows when it happened. */
  undated?: true;
  /** The incident as of the event; absent on thin events. */
  snapshot?: IncidentSnapshot;
  /** What a thin event's reference says. */
  title?: string;
  url?: string;
  customFields: CustomField[];
  /** A person did it, not an integration or a rule. */
  byPerson?: true;
  conferenceBridge?: ConferenceBridge;
  /** The program that told PagerDuty, as the envelope names it. */
  client?: IncidentClient;
}

/** PagerDuty's clock may be ahead of ours by this much; what it dates later than that has no known time. */
const clockSkewMs = 86_400_000;

/** Never throws: an event whose data cannot be read still counts and still has its place in time. */
export function toFoldEvent(event: LoggedEvent): FoldEvent {
  const latest = new Date(Date.parse(event.receivedAt) + clockSkewMs).toISOString();
  const undated = event.occurredAt > latest;
  return {
    key: event.logKey,
    type: event.eventType,
    at: undated ? event.receivedAt : event.occurredAt,
    ...(undated && { undated }),
    ...dataOf(event, latest),
  };
}

function dataOf(event: LoggedEvent, latest: string): EventData & Pick<FoldEvent, 'client' | 'byPerson'> {
  try {
    const logged = eventOf(event.body);
    const byPerson = isPerson(member(logged, 'agent'));
    const data = { ...readEventData(member(logged, 'data')), ...(byPerson && { byPerson }) };
    if (data.snapshot === undefined) return data;
    const client = readClient(member(logged, 'client'));
    return {
      ...data,
      snapshot: withoutFuture(data.snapshot, latest),
      // Later events name the program they were made with; what the incident came from is told by the first.
      ...(client !== undefined && event.eventType === 'incident.triggered' && { client }),
    };
  } catch {
    // One event nobody foresaw must not keep every later one of its incident from going out.
    return { customFields: [] };
  }
}

function readClient(value: unknown): IncidentClient | undefined {
  const name = readText(member(value, 'name'), 255);
  const url = readText(member(value, 'url'), 2048);
  if (name === undefined && url === undefined) return undefined;
  return { ...(name !== undefined && { name }), ...(url !== undefined && { url }) };
}

function withoutFuture(snapshot: IncidentSnapshot, latest: string): IncidentSnapshot {
  const { createdAt, reopenedAt, ...others } = snapshot;
  return {
    ...others,
    ...(createdAt !== undefined && createdAt <= latest && { createdAt }),
    ...(reopenedAt !== undefined && reopenedAt <= latest && { reopenedAt }),
  };
}
