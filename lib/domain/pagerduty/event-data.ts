import { type CustomField, readCustomFields } from './custom-fields.ts';
import {
  type ConferenceBridge,
  type IncidentSnapshot,
  readConferenceBridge,
  readIncidentSnapshot,
} from './incident-snapshot.ts';
import { items, member, readText } from './loose.ts';
import { isWholeIncident } from './whole-incident.ts';

/** What an event says about its incident. Never throws; a body that cannot be read says nothing. */
export interface EventData {
  /** Data that is the incident itself: the whole incident as of the event. Absent on thin events, which only refer to it. */
  snapshot?: IncidentSnapshot;
  /** The incident's title and page as a thin event's reference tells them. */
  title?: string;
  url?: string;
  customFields: CustomField[];
  conferenceBridge?: ConferenceBridge;
}

export function readEventData(data: unknown): EventData {
  const customFields = readCustomFields(member(data, 'custom_fields'));
  if (isWholeIncident(data)) return { snapshot: readIncidentSnapshot(data), customFields };
  const reference =
    member(data, 'incident') ?? member(items(member(data, 'incident_role_assignments'))?.[0], 'incident');
  // Some references say "[#1412] Title".
  const title = readText(member(reference, 'summary'))?.replace(/^\[#\d+\] (?=\S)/, '');
  const url = readText(member(reference, 'html_url'), 2048);
  const conferenceBridge = readConferenceBridge(data);
  return {
    customFields,
    ...(conferenceBridge && { conferenceBridge }),
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
  };
}

/** The `event` of a stored body, or undefined if it is not one. */
export function eventOf(body: string): unknown {
  try {
    return member(JSON.parse(body), 'event');
  } catch {
    return undefined;
  }
}
