/**
 * What an incident looks like after a list of webhooks, worked out a second time and in another way than the
 * product does. It expects what PagerDuty really sends, a coherent and complete history in its order, and is
 * only asked about those.
 */
export interface Picture {
  status: string;
  number?: number;
  title?: string;
  urgency?: string;
  priority?: string;
  started_at: string;
  acknowledged_at?: string;
  finished_at?: string;
  time_to_acknowledge_seconds?: number;
  time_to_restore_seconds?: number;
  reopen_count: number;
  escalation_count: number;
  reassignment_count: number;
  event_count: number;
  merged_into?: string;
  custom_fields: Record<string, unknown>;
  service?: { id: string; name: string };
  teams: string[];
  last_event_at: string;
}

export interface LoggedWebhook {
  eventId: string;
  type: string;
  occurredAtMs: number;
  /** When it came into the log, as its place among all events. */
  arrival: number;
  body: string;
  /** The bridge has given up waiting for somebody to tell of this event's incident, so long after it came. */
  letGoAfterMs?: number;
}

interface Reference {
  id: string;
  summary: string;
}

interface Snapshot {
  type: string;
  status: string;
  number: number;
  title: string;
  urgency: string;
  created_at: string;
  priority: Reference | null;
  service: Reference;
  teams: Reference[];
  resolve_reason: { incident: Reference } | null;
  custom_fields?: { name: string; value: unknown }[];
}

const iso = (ms: number) => new Date(ms).toISOString();
const count = (events: LoggedWebhook[], type: string) => events.filter((event) => event.type === type).length;

/** The order of the log: time, `incident.triggered` first, event id. */
export function inOrder(events: LoggedWebhook[]): LoggedWebhook[] {
  const rank = ({ type }: LoggedWebhook) => (type === 'incident.triggered' ? 0 : 1);
  return [...events].sort(
    (a, b) => a.occurredAtMs - b.occurredAtMs || rank(a) - rank(b) || (a.eventId < b.eventId ? -1 : 1),
  );
}

export function referenceFold(ordered: LoggedWebhook[]): Picture | undefined {
  const data = ordered.map((event) => JSON.parse(event.body).event.data as Snapshot);
  const full = data.filter(({ type }) => type === 'incident');
  const last = full.at(-1);
  const newest = ordered.at(-1);
  if (!last || !newest) return undefined;
  const times = (type: string) =>
    ordered.filter((event) => event.type === type).map((event) => event.occurredAtMs);
  const startedAt = Date.parse(last.created_at);
  const resolves = times('incident.resolved');
  const reopens = times('incident.reopened');
  const [firstAck] = times('incident.acknowledged');
  // The gaps between a resolve and the reopening after it are no time anybody took to answer.
  const quietMs = reopens
    .filter((at) => firstAck !== undefined && at <= firstAck)
    .reduce((sum, at, nth) => sum + at - (resolves[nth] ?? at), 0);
  const resolved = last.status === 'resolved';
  const merged = resolved && last.resolve_reason ? last.resolve_reason.incident.id : undefined;
  // Each active period ends with a resolve: the first began with the incident, the others with a reopening.
  const begins = [startedAt, ...reopens];
  const activeMs = resolves.reduce((sum, end, at) => sum + Math.max(0, end - (begins[at] ?? end)), 0);
  const fields: Record<string, unknown> = {};
  for (const { custom_fields = [] } of data) {
    for (const { name, value } of custom_fields) {
      if (value === null) delete fields[name];
      else fields[name] = value;
    }
  }
  return {
    status: last.status,
    number: last.number,
    title: last.title,
    urgency: last.urgency,
    started_at: iso(startedAt),
    reopen_count: reopens.length,
    escalation_count: count(ordered, 'incident.escalated'),
    reassignment_count: count(ordered, 'incident.reassigned'),
    event_count: ordered.length,
    custom_fields: fields,
    service: { id: last.service.id, name: last.service.summary },
    teams: last.teams.map(({ summary }) => summary.trim()),
    last_event_at: iso(newest.occurredAtMs),
    ...(last.priority && { priority: last.priority.summary }),
    ...(firstAck !== undefined && {
      acknowledged_at: iso(firstAck),
      time_to_acknowledge_seconds: Math.floor((firstAck - startedAt - quietMs) / 1000),
    }),
    ...(resolved && { finished_at: iso(resolves.at(-1) ?? 0) }),
    ...(resolved && !merged && { time_to_restore_seconds: Math.floor(activeMs / 1000) }),
    ...(merged && { merged_into: merged }),
  };
}
