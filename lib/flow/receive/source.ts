import type { EdgeRequest, EdgeResponse } from '../../adapters/incoming-http/request.ts';
import type { IncomingEvent, RequestContext } from './incoming-event.ts';

/**
 * Whoever sends us facts, as a value: how its requests authenticate, how they become events of the log, what they
 * are answered. What runs sources (receive-from.ts) knows none by name.
 */
export interface Source {
  /** False where no credential is configured: nothing can be authentic then. */
  configured: boolean;
  /** Longer bodies are not looked at. */
  maxBodyBytes: number;
  authenticate(request: EdgeRequest): Promise<Authentication>;
  /** What an authentic request says. */
  read(request: EdgeRequest): Reading;
  /** What is kept of the request beside its body, and named in the log. */
  contextOf(request: EdgeRequest): RequestContext;
  /** The sender's own protocol: which status, header and body tell it what came of its request. */
  answer(outcome: Outcome): EdgeResponse;
  /** What an operator should check when credentials do not match, in a sentence. */
  whenMismatched: string;
}

/**
 * `mismatch`: it carries what only this sender or an operator's configuration would send, but does not pass:
 * most likely a half-done rotation. `stranger`: it carries nothing of the kind.
 */
export type Authentication = 'authentic' | 'mismatch' | 'stranger';

export type Reading =
  /** At least one, to be written in this order. */
  | { kind: 'events'; events: readonly IncomingEvent[] }
  /** Nothing is to be written down. */
  | { kind: 'answered'; answer: EdgeResponse }
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
