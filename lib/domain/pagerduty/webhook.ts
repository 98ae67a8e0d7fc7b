import * as z from 'zod/mini';
import { incident } from '../subject/incident.ts';
import { noSubject } from '../subject/no-subject.ts';
import { service } from '../subject/service.ts';
import { wellFormed } from '../text/well-formed.ts';
import { member, readId } from './loose.ts';
import { parseTimestamp } from './timestamp.ts';
import { isWholeIncident } from './whole-incident.ts';

/** What `receive` needs of a webhook: enough to write it down, no more. The rest is read when it is processed. */
export interface WebhookEnvelope {
  eventId: string;
  eventType: string;
  occurredAtMs: number;
  /** Key of what it is about: the partition of the log it belongs to. */
  subject: string;
}

export type ParsedWebhook =
  /** `text` is the raw body, decoded. */
  | { kind: 'event'; envelope: WebhookEnvelope; text: string }
  | { kind: 'ping'; eventId: string }
  | { kind: 'unreadable'; reason: string };

/** The ids `readId` takes. */
const id = z.pipe(
  z.union([z.string().check(z.minLength(1)), z.int().check(z.nonnegative())]),
  z.transform((value) => wellFormed(String(value))),
);

const webhook = z.object({
  event: z.object({
    id,
    event_type: z.pipe(z.string().check(z.minLength(1)), z.transform(wellFormed)),
    occurred_at: z.optional(z.unknown()),
    data: z.optional(z.unknown()),
  }),
});

/** `fatal`: a body that is not UTF-8 must not be stored as something else than what was signed. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a body that has passed authentication. Never throws; `unreadable` says why in one sentence. */
export function parseWebhook(rawBody: Uint8Array): ParsedWebhook {
  let text: string;
  try {
    text = utf8.decode(rawBody);
  } catch {
    return { kind: 'unreadable', reason: 'The body is not valid UTF-8.' };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', reason: 'The body is not JSON.' };
  }
  const parsed = webhook.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'body';
    return {
      kind: 'unreadable',
      reason: `Not a v3 event: ${where} is missing or of another kind than expected.`,
    };
  }
  const { id: eventId, event_type: eventType, occurred_at, data } = parsed.data.event;
  if (eventType === 'pagey.ping') return { kind: 'ping', eventId };
  const occurredAtMs = parseTimestamp(occurred_at);
  if (occurredAtMs === undefined) {
    return {
      kind: 'unreadable',
      reason: 'Not a v3 event: event.occurred_at is not an ISO 8601 time with an offset.',
    };
  }
  return {
    kind: 'event',
    envelope: { eventId, eventType, occurredAtMs, subject: subjectOf(eventId, eventType, data) },
    text,
  };
}

/**
 * The subject's key. It goes by the shape of the data, so that unknown event types find theirs too. An incident event
 * that names no incident has no subject, though it may name a service: it is kept where people see it.
 */
function subjectOf(eventId: string, eventType: string, data: unknown): string {
  const incidentId = incidentIdOf(data);
  if (incidentId !== undefined) return incident.key(incidentId);
  const serviceId = eventType.startsWith('incident.') ? undefined : serviceIdOf(data);
  return serviceId !== undefined ? service.key(serviceId) : noSubject.key(eventId);
}

/** A note's, task's or update's `id` is its own; only what is the incident itself gives the incident's. */
function incidentIdOf(data: unknown): string | undefined {
  if (isWholeIncident(data)) return idIn(data);
  const referenced = idIn(member(data, 'incident'));
  if (referenced !== undefined) return referenced;
  const assignments = member(data, 'incident_role_assignments');
  if (!Array.isArray(assignments)) return undefined;
  for (const assignment of assignments) {
    const assigned = idIn(member(assignment, 'incident'));
    if (assigned !== undefined) return assigned;
  }
  return undefined;
}

function serviceIdOf(data: unknown): string | undefined {
  return member(data, 'type') === 'service' ? idIn(data) : idIn(member(data, 'service'));
}

function idIn(value: unknown): string | undefined {
  return readId(member(value, 'id'));
}
