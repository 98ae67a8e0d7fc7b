/** The incident as PagerDuty knows it at one moment: what goes into `data` of a webhook. */
export interface IncidentPicture {
  id: string;
  number: number;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  priority: string | null;
  createdAt: string;
  reopenedAt: string | null;
  service: ServicePicture;
  teams: { id: string; name: string }[];
  mergedInto: string | null;
  /** Nobody who is new to it has acknowledged it. */
  handsOver?: boolean;
}

export interface ServicePicture {
  id: string;
  name: string;
  teams: { id: string; name: string }[];
}

export interface SentEvent {
  eventId: string;
  /** Incident id, or undefined for events about something else. */
  incidentId?: string;
  type: string;
  occurredAtMs: number;
  body: string;
}

/** The same event as a subscription tells of it whose events have ids of their own. */
export function toldWithOwnId(event: SentEvent, idsBeginWith: string): SentEvent {
  const id = ownId(event.eventId, idsBeginWith);
  const body = event.body.replace(JSON.stringify(event.eventId), JSON.stringify(id));
  return { ...event, eventId: id, body };
}

export const ownId = (eventId: string, idsBeginWith: string): string => `${idsBeginWith}-${eventId}`;

const account = 'https://acme.pagerduty.com';
const reference = (id: string, type: string, summary: string | null, page?: string) => ({
  id,
  type: `${type}_reference`,
  summary,
  self: `https://api.pagerduty.com/${type}s/${id}`,
  html_url: page ?? null,
});

export const serviceReference = ({ id, name }: ServicePicture) =>
  reference(id, 'service', name, `${account}/services/${id}`);

export const incidentReference = ({ id, title }: IncidentPicture) =>
  reference(id, 'incident', title, `${account}/incidents/${id}`);

/** `data` of the events that carry the whole incident. */
export function incidentData(picture: IncidentPicture): Record<string, unknown> {
  return {
    id: picture.id,
    type: 'incident',
    self: `https://api.pagerduty.com/incidents/${picture.id}`,
    html_url: `${account}/incidents/${picture.id}`,
    number: picture.number,
    status: picture.status,
    incident_key: null,
    created_at: picture.createdAt,
    reopened_at: picture.reopenedAt,
    title: picture.title,
    incident_type: { name: 'incident_default' },
    service: serviceReference(picture.service),
    assignees: [],
    escalation_policy: reference('PUS0KTE', 'escalation_policy', 'Default'),
    teams: picture.teams.map(({ id, name }) => reference(id, 'team', name)),
    priority:
      picture.priority === null ? null : reference(`P${picture.priority}`, 'priority', picture.priority),
    urgency: picture.urgency,
    conference_bridge: null,
    resolve_reason:
      picture.mergedInto === null
        ? null
        : { type: 'merge_resolve_reason', incident: reference(picture.mergedInto, 'incident', null) },
  };
}

export function envelope(
  eventId: string,
  type: string,
  occurredAtMs: number,
  data: Record<string, unknown>,
): string {
  return JSON.stringify({
    event: {
      id: eventId,
      event_type: type,
      resource_type: type.split('.')[0],
      occurred_at: new Date(occurredAtMs).toISOString(),
      agent: reference('PLH1HKV', 'user', 'On-call engineer'),
      client: null,
      data,
    },
  });
}
