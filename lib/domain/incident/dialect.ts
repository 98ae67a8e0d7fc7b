import type { IncidentReport } from '../incident-report/incident-report.ts';
import type { EventData } from '../pagerduty/event-data.ts';
import type { SubjectKind } from '../subject/subject-kind.ts';
import type { LoggedEvent } from './logged-event.ts';
import type { IncidentClient } from './state.ts';

/** What an event tells the fold, beside its type and its time. */
export interface FoldData extends EventData {
  /** A person did it, not an integration or a rule. */
  byPerson?: true;
  /** The program that told PagerDuty, as the envelope names it. */
  client?: IncidentClient;
  /** What another program says of an incident that PagerDuty does not know. */
  told?: Told;
}

export interface Told {
  /** The id that reads and changes of the incident take. */
  externalId: string;
  /** Absent where it takes the incident back. */
  report?: IncidentReport;
  /** When it came, as text that compares as the moments do and is different for each event. */
  stamp: string;
}

/** Who did it, as far as PagerDuty says. */
export interface Actor {
  id: string;
  name?: string;
  type: 'person' | 'integration';
}

/** What one event announces beside the state it leaves the incident in. */
export interface Announcement {
  /** What happened and by whom, in words. */
  happened: string;
  by?: Actor;
  detail?: Record<string, unknown>;
}

/** What of it goes out: the whole sentence, with what the event changed. */
export interface Announced extends Omit<Announcement, 'happened'> {
  what: string;
}

/** How the log of one kind of incident is written: whose bodies they are and what they say. */
export interface Dialect {
  kind: SubjectKind;
  /** `latest`: later times are not believed. */
  read(event: LoggedEvent, latest: string): FoldData;
  /** Never throws; a body that cannot be read announces its type. */
  announce(event: LoggedEvent): Announcement;
}
