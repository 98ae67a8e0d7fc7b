import { items, member, readId, readText } from '../loose.ts';
import { parseTimestamp } from '../timestamp.ts';

/** An incident as PagerDuty's REST API tells it: as it is now. */
export interface AccountIncident {
  id: string;
  createdMs: number;
  status: 'triggered' | 'acknowledged' | 'resolved';
  resolvedMs?: number;
  lastStatusChangeMs?: number;
  updatedAt?: string;
  /** As they came: what goes into `data` of a webhook. */
  service: unknown;
  priority: unknown;
  resolveReason: unknown;
  raw: unknown;
}

/** Undefined for what has no id, status or start. */
export function readAccountIncident(value: unknown): AccountIncident | undefined {
  const id = readId(member(value, 'id'));
  const status = member(value, 'status');
  const createdMs = parseTimestamp(member(value, 'created_at'));
  if (id === undefined || createdMs === undefined) return undefined;
  if (status !== 'triggered' && status !== 'acknowledged' && status !== 'resolved') return undefined;
  const resolvedMs = parseTimestamp(member(value, 'resolved_at'));
  const lastStatusChangeMs = parseTimestamp(member(value, 'last_status_change_at'));
  const updatedAt = readText(member(value, 'updated_at'), 64);
  return {
    id,
    createdMs,
    status,
    ...(resolvedMs === undefined ? {} : { resolvedMs }),
    ...(lastStatusChangeMs === undefined ? {} : { lastStatusChangeMs }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    service: member(value, 'service'),
    priority: member(value, 'priority') ?? null,
    // Left out where it does not apply.
    resolveReason: member(value, 'resolve_reason') ?? null,
    raw: value,
  };
}

/** `data` of a webhook that carries the whole incident, with what was otherwise at the time. */
export function asWebhookData({ raw }: AccountIncident, then: Record<string, unknown>): object {
  return {
    id: member(raw, 'id'),
    type: 'incident',
    self: member(raw, 'self'),
    html_url: member(raw, 'html_url'),
    number: member(raw, 'incident_number'),
    incident_key: member(raw, 'incident_key') ?? null,
    created_at: member(raw, 'created_at'),
    title: member(raw, 'title'),
    incident_type: member(raw, 'incident_type'),
    assignees: (items(member(raw, 'assignments')) ?? []).map((each) => member(each, 'assignee')),
    escalation_policy: member(raw, 'escalation_policy') ?? null,
    teams: member(raw, 'teams') ?? [],
    urgency: member(raw, 'urgency'),
    conference_bridge: member(raw, 'conference_bridge') ?? null,
    ...then,
    service: withWebhookAddress(then['service']),
  };
}

/** The API gives a service's page another address than webhooks do. */
function withWebhookAddress(service: unknown): unknown {
  const page = member(service, 'html_url');
  if (typeof page !== 'string') return service;
  return { ...(service as object), html_url: page.replace('/service-directory/', '/services/') };
}

/** How events that do not carry the incident refer to it. */
export const asReference = ({ raw }: AccountIncident): object => ({
  id: member(raw, 'id'),
  type: 'incident_reference',
  summary: member(raw, 'title') ?? null,
  self: member(raw, 'self') ?? null,
  html_url: member(raw, 'html_url') ?? null,
});
