import type { CustomField } from '../pagerduty/custom-fields.ts';
import { eventOf, readEventData } from '../pagerduty/event-data.ts';
import type { IncidentSnapshot } from '../pagerduty/incident-snapshot.ts';
import { isPerson, member } from '../pagerduty/loose.ts';
import type { LoggedEvent } from './logged-event.ts';

/** What the fold needs of one logged event. */
export interface FoldEvent {
  /** Its place in the log; string order is the order of folding. */
  key: string;
  type: string;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
  /** The incident as of the event; absent on thin events. */
  snapshot?: IncidentSnapshot;
  /** What a thin event's reference says. */
  title?: string;
  url?: string;
  customFields: CustomField[];
  /** A person did it, not an integration or a rule. */
  byPerson?: true;
}

/** Never throws: an event whose data cannot be read still counts and still has its place in time. */
export function toFoldEvent(event: LoggedEvent): FoldEvent {
  return {
    key: event.logKey,
    type: event.eventType,
    at: event.occurredAt,
    ...dataOf(event),
  };
}

type Told = Pick<FoldEvent, 'snapshot' | 'title' | 'url' | 'customFields' | 'byPerson'>;

function dataOf(event: LoggedEvent): Told {
  try {
    const told = eventOf(event.body);
    const byPerson = isPerson(member(told, 'agent'));
    return { ...readEventData(member(told, 'data')), ...(byPerson && { byPerson }) };
  } catch {
    // One event nobody foresaw must not keep every later one of its incident from going out.
    return { customFields: [] };
  }
}
