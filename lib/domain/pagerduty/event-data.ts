import { type CustomField, readCustomFields } from './custom-fields.ts';
import { type IncidentSnapshot, readIncidentSnapshot } from './incident-snapshot.ts';
import { items, member, readText } from './loose.ts';

/** What an event says about its incident. Never throws; a body that cannot be read says nothing. */
export interface EventData {
  /** Data of type `incident`: the whole incident as of the event. Absent on thin events, which only refer to it. */
  snapshot?: IncidentSnapshot;
  /** The incident's title and page as a thin event's reference tells them. */
  title?: string;
  url?: string;
  customFields: CustomField[];
}

export function readEventData(data: unknown): EventData {
  const customFields = readCustomFields(member(data, 'custom_fields'));
  if (member(data, 'type') === 'incident') return { snapshot: readIncidentSnapshot(data), customFields };
  const reference =
    member(data, 'incident') ?? member(items(member(data, 'incident_role_assignments'))?.[0], 'incident');
  const title = readText(member(reference, 'summary'));
  const url = readText(member(reference, 'html_url'), 2048);
  return { customFields, ...(title !== undefined && { title }), ...(url !== undefined && { url }) };
}

/** The `event` of a stored body, or undefined if it is not one. */
export function eventOf(body: string): unknown {
  try {
    return member(JSON.parse(body), 'event');
  } catch {
    return undefined;
  }
}
