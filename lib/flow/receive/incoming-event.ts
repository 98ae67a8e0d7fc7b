import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { logKey } from '../../domain/subject/log-key.ts';
import { iso } from '../../store/database/due.ts';

/** A fact as a source has read it: what will be a row of the log. */
export interface IncomingEvent {
  /** Key of what it is about (domain/subject). */
  subject: string;
  /** The same event sent again has the same id, type and time. */
  eventId: string;
  eventType: string;
  occurredAtMs: number;
  /** The body it was read from, as text. */
  body: string;
}

/** What the request told beside its body. */
export type RequestContext = Pick<LoggedEvent, 'envHeader' | 'webhookId' | 'subscriptionId'>;

/** `receivedAt` in ISO 8601, UTC, milliseconds. */
export function loggedEvent(
  { subject, eventId, eventType, occurredAtMs, body }: IncomingEvent,
  receivedAt: string,
  context: RequestContext,
): LoggedEvent {
  return {
    incidentId: subject,
    logKey: logKey(occurredAtMs, eventType, eventId),
    eventId,
    eventType,
    occurredAt: iso(occurredAtMs),
    receivedAt,
    body,
    ...context,
  };
}
