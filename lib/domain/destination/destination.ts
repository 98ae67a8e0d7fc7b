import type { OutgoingEvent } from './outgoing-event.ts';

/** What a destination remembers from one delivery of an incident to its next (state destinations only). */
export type Memory = Record<string, unknown>;

/**
 * The decision about one event, pure and repeatable: the same event and memory always give the same
 * bytes. `memory` is stored before the first attempt, `memoryAfter` when it was accepted.
 */
export type Rendering = { skip: string } | { payload: Payload; memory?: Memory; memoryAfter?: Memory };

/** One or more requests in their order; all must be accepted. Shapes belong to the destination's kind. */
export type Payload = Record<string, unknown>;

export type SendResult =
  | { outcome: 'delivered'; statusCode?: number }
  /** Worth trying again: network faults, 401 403 404 408 425 429, 5xx. */
  | { outcome: 'retry'; error: string; statusCode?: number; retryAfterMs?: number; timedOut?: boolean }
  /** It was not sent: by now it is no use to the receiver. */
  | { outcome: 'skipped'; reason: string }
  /** This payload will never be accepted (other 4xx). */
  | { outcome: 'refused'; error: string; statusCode?: number; retired?: Retired };

/** The receiver has stopped taking this kind of thing at all, so no payload of it will be accepted again. */
export interface Retired {
  /** Why deliveries end. */
  reason: string;
  /** What a person is to do. */
  remedy: string;
}

export interface Takes {
  incidents: boolean;
  deployments: boolean;
}

/** One configured receiver of events. The code that runs destinations knows no kind by name. */
export interface Destination {
  readonly name: string;
  readonly type: string;
  /** True for receivers of state: only the newest picture is worth sending, older ones are superseded. */
  readonly latestOnly: boolean;
  /** What it is told of at all: of the rest it is owed nothing. Of incidents only, where it does not say. */
  readonly takes?: Takes;
  /** Longest time one `send` may take. */
  readonly timeoutMs: number;
  render(event: OutgoingEvent, memory: Memory | undefined): Rendering;
  /** Never throws for anything the receiver does; `attemptAtMs` stamps signatures. */
  send(payload: Payload, attemptAtMs: number): Promise<SendResult>;
}
