import { account, type DemoIncident } from './cast.ts';

/** One thing that happened to an incident, as PagerDuty tells it. */
export interface Happening {
  incident: DemoIncident;
  type: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  /** Epoch milliseconds; the incident began at `startedAt`. */
  at: number;
  startedAt: number;
}

const reference = (type: string, { id, name }: { id: string; name: string }) => ({
  id,
  type: `${type}_reference`,
  summary: name,
  self: `https://api.pagerduty.com/${type}s/${id}`,
  html_url: `${account}/${type}s/${id}`,
});

const withSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The body of a v3 webhook with the whole incident in it. */
export function webhookBody(eventId: string, { incident, type, status, at, startedAt }: Happening): string {
  return JSON.stringify({
    event: {
      id: eventId,
      event_type: type,
      resource_type: 'incident',
      occurred_at: new Date(at).toISOString(),
      agent: reference('user', { id: 'PUSER01', name: 'Robin Meyer' }),
      client: null,
      data: {
        id: incident.id,
        type: 'incident',
        self: `https://api.pagerduty.com/incidents/${incident.id}`,
        html_url: `${account}/incidents/${incident.id}`,
        number: incident.number,
        status,
        incident_key: `demo/${incident.number}`,
        created_at: withSeconds(startedAt),
        title: incident.title,
        incident_type: { name: 'incident_default' },
        service: reference('service', incident.service),
        assignees: [],
        escalation_policy: reference('escalation_policy', { id: 'PESCAL1', name: 'Default' }),
        teams: incident.teams.map((team) => reference('team', team)),
        priority: incident.priority
          ? reference('priority', { id: `PPRI0${incident.priority}`, name: incident.priority })
          : null,
        urgency: 'high',
        conference_bridge: null,
        resolve_reason: null,
      },
    },
  });
}

/** What PagerDuty sends when somebody presses "Send Test Event". */
export function pingBody(eventId: string, at: number): string {
  return JSON.stringify({
    event: {
      id: eventId,
      event_type: 'pagey.ping',
      resource_type: 'pagey',
      occurred_at: new Date(at).toISOString(),
      agent: null,
      client: null,
      data: { message: 'Hello from your friend Pagey!', type: 'ping' },
    },
  });
}
