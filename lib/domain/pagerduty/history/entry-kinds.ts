import type { IncidentStatus } from '../incident-snapshot.ts';
import { member, readText } from '../loose.ts';
import { changed, type LogEntry } from './log-entry.ts';

/** What one type of log entry means. */
export interface EntryKind {
  /** The event it is, where it is one. */
  event?: string;
  /** The incident is open once it happens, or was: after a resolve it betrays a reopening. */
  opens?: true;
  status?: IncidentStatus;
  /** `data` of an event that does not carry the incident. */
  thin?: (entry: LogEntry) => Record<string, unknown>;
  /** Several in one second are one. */
  once?: true;
}

const whole = (event: string, more: EntryKind = {}): EntryKind => ({ event: `incident.${event}`, ...more });
const silent: EntryKind = {};

/** By type, without `_log_entry`. The description of PagerDuty's API uses both spellings of an acknowledgement. */
const kinds: Record<string, EntryKind> = {
  trigger: whole('triggered', { opens: true, status: 'triggered' }),
  acknowledge: whole('acknowledged', { opens: true, status: 'acknowledged' }),
  acknowledgement: whole('acknowledged', { opens: true, status: 'acknowledged' }),
  unacknowledge: whole('unacknowledged', { opens: true, status: 'triggered' }),
  resolve: whole('resolved', { status: 'resolved' }),
  // Whoever escalates or delegates an acknowledged incident makes it triggered again, and no entry says so.
  escalate: whole('escalated', { opens: true, status: 'triggered', once: true }),
  delegate: whole('delegated', { opens: true, status: 'triggered', once: true }),
  assign: whole('reassigned', { opens: true, once: true }),
  reassign: whole('reassigned', { opens: true, once: true }),
  priority_change: whole('priority_updated'),
  service_change: whole('service_updated'),
  annotate: whole('annotated', {
    thin: ({ channel }) => ({
      type: 'incident_note',
      content: readText(member(channel, 'summary')) ?? readText(member(channel, 'content')) ?? '',
      trimmed: false,
    }),
  }),
  status_update: whole('status_update_published', {
    thin: ({ raw, channel }) => ({
      type: 'incident_status_update',
      message: member(raw, 'message') ?? member(channel, 'message') ?? null,
    }),
  }),
  responder_request: whole('responder.added', {
    thin: () => ({ type: 'incident_responder', state: 'pending' }),
  }),
  custom_field_value_change: whole('custom_field_values.updated', {
    thin: (entry) => ({
      type: 'incident_field_values',
      custom_fields: changed(entry, 'customer_fields').map((field) => ({
        id: member(field, 'id') ?? member(field, 'name'),
        name: member(field, 'name'),
        type: 'field_value',
        value: member(field, 'value') ?? null,
      })),
      changed_custom_fields: [],
    }),
  }),
  // Known, and nothing that webhooks tell of.
  ...Object.fromEntries(
    [
      ...['notify', 'snooze', 'reach_ack_limit', 'reach_trigger_limit', 'repeat_escalation_path'],
      ...['exhaust_escalation_path', 'link', 'unlink', 'event_rule_action', 'urgency_change'],
    ].map((type) => [type, silent]),
  ),
};

/** Fields of the incident itself that an entry may say have changed. */
const fieldEvents: Record<string, EntryKind> = {
  incident_type: whole('incident_type.changed'),
  title: whole('title_updated'),
};

/** Undefined for a type that nobody here knows. */
export function kindOf(entry: LogEntry): EntryKind | undefined {
  const type = entry.type.replace(/_log_entry$/, '');
  if (type === 'field_value_change') {
    const names = changed(entry, 'application_fields').map((field) => String(member(field, 'name')));
    const known = names.find((name) => Object.hasOwn(fieldEvents, name));
    return known === undefined ? silent : fieldEvents[known];
  }
  return Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}
