import type { Memory, Rendering, SendResult } from '../../../domain/destination/destination.ts';
import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';
import { type EventPicture, eventPicture } from './event-picture.ts';
import type { DatadogRequest } from './requests.ts';

/** What is remembered of one incident among Datadog's events. */
interface EventMemory extends Memory {
  /** The last picture accepted, as JSON. */
  sent?: string;
}

/** What is sent depends on when it is: both forms are fixed beforehand. */
export interface EventPayload {
  happenedAtMs: number;
  /** With its time; refused by Datadog once that is long ago. */
  fresh: DatadogRequest;
  /** Dated by its arrival, with the true time in text and tags. */
  late: DatadogRequest;
}

const path = '/api/v1/events';
const hourMs = 3_600_000;
/** Datadog takes no event that is dated 18 hours back; an hour is left for the way. */
const datedForMs = 17 * hourMs;
/** No outage is waited for so long by default: what is older is history, for which events dated today are no place. */
const historyAfterMs = 8 * 24 * hourMs;

/**
 * An event whenever what there is to see of the incident has changed. One that was merged or taken back before
 * anything was told is none. The bytes of both forms follow from event and memory alone.
 */
export function renderEvent(
  event: IncidentEvent,
  memory: EventMemory | undefined,
  tags: readonly string[],
): Rendering {
  const { merged_into, withdrawn_at } = event.incident;
  if (!memory && merged_into !== null) return { skip: 'merged_before_sent' };
  if (!memory && withdrawn_at !== undefined) return { skip: 'withdrawn_before_sent' };
  const picture = eventPicture(event, tags);
  const sent = JSON.stringify(picture);
  if (memory?.sent === sent) return { skip: 'unchanged' };
  const happenedAtMs = Date.parse(event.occurred_at);
  const payload: EventPayload = {
    happenedAtMs,
    fresh: request({ ...picture, date_happened: Math.floor(happenedAtMs / 1000) }),
    late: request(told(picture, event.occurred_at)),
  };
  // Something may have been told from now on, so that an end of it will be.
  return { payload: { ...payload }, memory: { ...memory }, memoryAfter: { sent } };
}

/** Which form an attempt at this time sends; a skip where it would be history. */
export function formAt({ happenedAtMs, fresh, late }: EventPayload, attemptAtMs: number) {
  const ageMs = attemptAtMs - happenedAtMs;
  if (ageMs > historyAfterMs) return { outcome: 'skipped', reason: 'too_old' } satisfies SendResult;
  return ageMs > datedForMs ? late : fresh;
}

const told = (picture: EventPicture, occurredAt: string): EventPicture => ({
  ...picture,
  text: `${picture.text}\nHappened: ${occurredAt} (told late)`,
  tags: [...picture.tags, `occurred_at:${occurredAt}`],
});

const request = (body: object): DatadogRequest => ({ method: 'POST', path, body: JSON.stringify(body) });
