import type { EdgeRequest, EdgeResponse } from '../../adapters/incoming-http/request.ts';
import type { MetricName } from '../../metric-names.ts';
import type { IncomingEvent, RequestContext } from './incoming-event.ts';

/**
 * Whoever sends us facts, as a value: how its requests authenticate, how they become events of the log, what they
 * are answered. What runs sources (receive-from.ts) knows none by name.
 */
export interface Source {
  /** False where no credential is configured: nothing can be authentic then. */
  configured: boolean;
  methods: readonly string[];
  /** After so long the request is answered as `unavailable`, whatever is still going on. */
  answerWithinMs: number;
  /** Longer bodies are not looked at. */
  maxBodyBytes: number;
  authenticate(request: EdgeRequest): Promise<Authentication>;
  /** What an authentic request says. */
  read(request: EdgeRequest): Reading | Promise<Reading>;
  /** What is kept of the request beside its body, and named in the log. */
  contextOf(request: EdgeRequest): RequestContext;
  /** The sender's own protocol: which status, header and body tell it what came of its request. */
  answer(outcome: Outcome): EdgeResponse;
  /** What an operator should check when credentials do not match, in a sentence. */
  whenMismatched: string;
  /** What one of its requests is called in the log. */
  noun: string;
  counted: Counters;
}

/** The metrics its requests are counted in. */
export interface Counters {
  /** Authentic, whatever became of it. */
  received: MetricName;
  /** In the log already. */
  duplicate: MetricName;
  /** Answered 4xx. */
  refused: MetricName;
  unauthenticated: MetricName;
  mismatched: MetricName;
  quarantined: MetricName;
  /** Answered 5xx because of a fault of ours. */
  failed: MetricName;
}

/**
 * `mismatch`: it carries what only this sender or an operator's configuration would send, but does not pass:
 * most likely a half-done rotation. `stranger`: it carries nothing of the kind.
 */
export type Authentication = 'authentic' | 'mismatch' | 'stranger';

export type Reading =
  /** At least one, to be written in this order; then `answer`, or what the source answers to all that is written. */
  | { kind: 'events'; events: readonly IncomingEvent[]; answer?: EdgeResponse }
  /** Nothing is to be written into the log. `ping`: what asked only whether it arrives, by its id. */
  | { kind: 'answered'; answer: EdgeResponse; ping?: string }
  /** Is kept as it came, for people; `reason` in a sentence. */
  | { kind: 'unreadable'; reason: string };

export type Outcome =
  | {
      kind:
        | 'method_not_allowed'
        | 'not_configured'
        | 'body_too_large'
        | 'unauthenticated'
        | 'authentication_failed'
        | 'quarantined'
        /** Perhaps not everything was written; to be sent again. */
        | 'unavailable';
    }
  | { kind: 'written'; events: readonly WrittenEvent[] };

/** `duplicate`: it was in the log already. */
export interface WrittenEvent {
  eventId: string;
  status: 'accepted' | 'duplicate';
}
