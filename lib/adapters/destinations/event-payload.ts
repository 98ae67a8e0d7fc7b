import type { Payload, Rendering } from '../../domain/destination/destination.ts';
import { aboutId, isDeploymentEvent, type OutgoingEvent } from '../../domain/destination/outgoing-event.ts';
import { keySafe } from '../../domain/subject/log-key.ts';
import type { Format, Written } from './formats/format.ts';
import { inKeyOrder } from './formats/key-order.ts';
import { isWanted } from './wanted-events.ts';

/** What every destination that sends single events is given: the event written in its format, and its identity. */
export interface EventPayload extends Payload, Written {
  /** Stable id of this event, safe in headers and queues: the receiver's key against duplicates. */
  messageId: string;
  /** What it is about: the order that is kept is that of its events. */
  incidentId: string;
  occurredAt: string;
  /** Plain facts a receiver can filter by without reading the body. */
  facts: Record<string, string>;
}

export function renderEvent(
  event: OutgoingEvent,
  format: Format,
  events: readonly string[] | undefined,
): Rendering {
  if (!isWanted(events, event.type)) return { skip: 'filtered' };
  const written = format.write(isDeploymentEvent(event) ? event : inKeyOrder(event));
  if ('skip' in written) return written;
  const { type, env, team } = event;
  const severity = isDeploymentEvent(event) ? undefined : event.severity;
  const facts = { event_type: type, env, team, severity };
  const payload: EventPayload = {
    messageId: keySafe(event.id),
    incidentId: aboutId(event),
    occurredAt: event.occurred_at,
    ...written,
    facts: Object.fromEntries(
      Object.entries(facts).filter((fact): fact is [string, string] => Boolean(fact[1])),
    ),
  };
  return { payload };
}
