import type { SentEvent } from '../../simulation/pagerduty/incident-picture.ts';

/** What PagerDuty's REST API tells of an incident. */
export interface StandInIncident {
  id: string;
  createdMs: number;
  /** As `GET /incidents` shows it. */
  shown: Record<string, unknown>;
  /** As `GET /incidents/{id}/log_entries` shows them, the oldest first. */
  entries: Record<string, unknown>[];
}

type Data = Record<string, unknown> & {
  service?: unknown;
  priority?: unknown;
  content?: unknown;
  message?: unknown;
  custom_fields?: unknown;
};
interface Told {
  type: string;
  agent: unknown;
  data: Data;
}

const seconds = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Which log entry an event leaves; what is not here leaves none. */
const entryTypes: Record<string, string> = {
  triggered: 'trigger',
  acknowledged: 'acknowledge',
  unacknowledged: 'unacknowledge',
  resolved: 'resolve',
  // PagerDuty does not say that an incident was reopened: it is assigned once more.
  reopened: 'assign',
  escalated: 'escalate',
  reassigned: 'assign',
  delegated: 'delegate',
  priority_updated: 'priority_change',
  service_updated: 'service_change',
  annotated: 'annotate',
  status_update_published: 'status_update',
  'custom_field_values.updated': 'custom_field_value_change',
  title_updated: 'field_value_change',
};

/** The same incident as webhooks have told it, in whole seconds and with what the API knows. */
export function restViewOf(story: readonly SentEvent[]): StandInIncident {
  let now: Data = {};
  let changedMs = 0;
  let status: unknown;
  let resolvedMs: number | undefined;
  const entries: Record<string, unknown>[] = [];
  for (const [index, { type, occurredAtMs, body, eventId }] of story.entries()) {
    const { agent, data } = (JSON.parse(body) as { event: Told }).event;
    const entry = entryTypes[type.replace('incident.', '')];
    const before = now;
    if (data['type'] === 'incident') now = data;
    if (now['status'] !== status) {
      status = now['status'];
      changedMs = occurredAtMs;
      resolvedMs = status === 'resolved' ? occurredAtMs : undefined;
    }
    if (entry === undefined) continue;
    entries.push({
      id: `R${eventId}${index}`,
      type: `${entry}_log_entry`,
      created_at: seconds(occurredAtMs),
      agent,
      channel: channelOf(entry, before, data),
      ...(entry === 'status_update' && { message: data.message }),
    });
  }
  const { number, assignees, reopened_at: _, resolve_reason, service, ...rest } = now;
  const createdMs = Date.parse(String(now['created_at']));
  const { id } = service as { id: string };
  return {
    id: String(now['id']),
    createdMs,
    entries,
    shown: {
      ...rest,
      incident_number: number,
      service: { ...(service as object), html_url: `https://acme.pagerduty.com/service-directory/${id}` },
      assignments: (assignees as unknown[]).map((assignee) => ({ at: seconds(createdMs), assignee })),
      // Left out where it does not apply.
      ...(resolve_reason === null ? {} : { resolve_reason }),
      updated_at: seconds(story.at(-1)?.occurredAtMs ?? createdMs),
      last_status_change_at: seconds(changedMs),
      resolved_at: resolvedMs === undefined ? null : seconds(resolvedMs),
    },
  };
}

function channelOf(entry: string, before: Data, data: Data): object {
  if (entry === 'priority_change')
    return { old_priority: before.priority ?? null, new_priority: data.priority };
  if (entry === 'service_change') return { old_service: before.service };
  if (entry === 'annotate') return { type: 'note', summary: data.content };
  if (entry === 'custom_field_value_change') return { changeset: { customer_fields: data.custom_fields } };
  if (entry === 'field_value_change') return { changeset: { application_fields: [{ name: 'title' }] } };
  return { type: 'website' };
}
