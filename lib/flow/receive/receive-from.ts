import { createHash } from 'node:crypto';
import type { EdgeRequest, EdgeResponse } from '../../adapters/incoming-http/request.ts';
import type { Clock, Telemetry } from '../../ports.ts';
import { expiry, iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { appendEvent, appendQuarantined } from '../../store/events/append-event.ts';
import { putPing } from '../../store/state/put-ping.ts';
import { type IncomingEvent, loggedEvent, type RequestContext } from './incoming-event.ts';
import type { Authentication, Outcome, Source, WrittenEvent } from './source.ts';

export interface ReceiveFromDeps {
  store: Store;
  clock: Clock;
  telemetry: Telemetry;
  config: { retention_days: number };
}

type Refusal = Exclude<Outcome['kind'], 'written'>;

export type Receive = (request: EdgeRequest) => Promise<EdgeResponse>;

const leastTimeMs = 300;
/** Far less than the answer may take. */
const longestForPingMs = 1_500;

/**
 * Receives what a source sends: authenticates the raw bytes, writes their events down once, answers. An event that
 * is answered as accepted or duplicate is in the log. Never throws.
 */
export function receiveFrom(source: Source, { store, clock, telemetry, config }: ReceiveFromDeps): Receive {
  const { counted, noun } = source;
  return async (request) => {
    try {
      const response = await withinDeadline(request, handle(request));
      if (response.status >= 400 && response.status < 500) telemetry.metric(counted.refused, 1);
      return response;
    } catch (error) {
      telemetry.metric(counted.failed, 1);
      telemetry.error(`${noun} not accepted, its sender will send it again`, {
        error,
        ...named(source.contextOf(request)),
      });
      return source.answer({ kind: 'unavailable' });
    }
  };

  async function withinDeadline(request: EdgeRequest, work: Promise<EdgeResponse>): Promise<EdgeResponse> {
    const timeLeft = request.arrivedAtMs + source.answerWithinMs - clock.now();
    const deadline = clock.sleep(Math.max(timeLeft, leastTimeMs)).then((): never => {
      throw new Error(`deadline: the ${noun} could not be written down in time`);
    });
    work.catch(() => {});
    deadline.catch(() => {});
    return Promise.race([work, deadline]);
  }

  async function handle(request: EdgeRequest): Promise<EdgeResponse> {
    const refused = refusedAtOnce(request) ?? notAuthentic(request, await source.authenticate(request));
    if (refused) return source.answer({ kind: refused });
    telemetry.metric(counted.received, 1);
    const read = source.read(request);
    // Most can say at once, and each await is a turn of the loop on the way to the answer.
    const reading = read instanceof Promise ? await read : read;
    const context = source.contextOf(request);
    if (reading.kind === 'answered') {
      if (reading.ping !== undefined) await keepPing(reading.ping, context);
      return reading.answer;
    }
    if (reading.kind === 'unreadable') return quarantine(request, context, reading.reason);
    const events: WrittenEvent[] = [];
    for (const event of reading.events) events.push(await write(event, context));
    return reading.answer ?? source.answer({ kind: 'written', events });
  }

  /** Why its body is not even read, if so: seen without a look at its credentials. */
  function refusedAtOnce(request: EdgeRequest): Refusal | undefined {
    if (!source.methods.includes(request.method)) return 'method_not_allowed';
    if (!source.configured) {
      telemetry.error(`no authenticator is configured, every ${noun} is refused`);
      return 'not_configured';
    }
    return request.rawBody.byteLength > source.maxBodyBytes ? 'body_too_large' : undefined;
  }

  function notAuthentic(request: EdgeRequest, authentication: Authentication): Refusal | undefined {
    if (authentication === 'authentic') return undefined;
    if (authentication === 'stranger') {
      telemetry.metric(counted.unauthenticated, 1);
      return 'unauthenticated';
    }
    telemetry.metric(counted.mismatched, 1);
    telemetry.warn(`authentication failed: ${source.whenMismatched}`, named(source.contextOf(request)));
    return 'authentication_failed';
  }

  async function write(event: IncomingEvent, context: RequestContext): Promise<WrittenEvent> {
    const now = clock.now();
    const status = await appendEvent(store, loggedEvent(event, iso(now), context), now);
    if (status === 'duplicate') telemetry.metric(counted.duplicate, 1);
    telemetry.info(`${noun} ${status}`, {
      event_id: event.eventId,
      event_type: event.eventType,
      incident_id: event.subject,
      ...named(context),
    });
    return { eventId: event.eventId, status };
  }

  /** Whoever asked for it looks for the row; whether it could be written is no reason to send the ping again. */
  async function keepPing(eventId: string, context: RequestContext): Promise<void> {
    const ping = { eventId, receivedAt: iso(clock.now()), ...context };
    const kept = putPing(store, ping).catch((error: unknown) =>
      telemetry.warn(`the ${noun} was a ping, of which no trace could be kept`, { error, ...named(context) }),
    );
    await Promise.race([kept, clock.sleep(longestForPingMs)]);
  }

  async function quarantine(
    request: EdgeRequest,
    context: RequestContext,
    reason: string,
  ): Promise<EdgeResponse> {
    const now = clock.now();
    const sha256 = createHash('sha256').update(request.rawBody).digest('hex');
    await appendQuarantined(store, {
      sha256,
      reason,
      receivedAt: iso(now),
      rawBody: request.rawBody,
      expiresAt: expiry(now, config.retention_days),
      ...context,
    });
    telemetry.metric(counted.quarantined, 1);
    telemetry.warn(`authentic ${noun} could not be read and is kept in quarantine`, {
      quarantine_id: sha256,
      reason,
    });
    return source.answer({ kind: 'quarantined' });
  }
}

/** Longer than any id PagerDuty gives. */
const longestNamed = 64;

const plain = /^[\x20-\x7e]*$/;

/** Strangers fill headers with what they like, and each line of the log is paid for. */
const shown = (id: string | undefined): string | undefined =>
  id === undefined || (id.length <= longestNamed && plain.test(id))
    ? id
    : id.replace(/[^\x20-\x7e]/g, '?').slice(0, longestNamed);

const named = ({ webhookId, subscriptionId }: RequestContext) => ({
  webhook_id: shown(webhookId),
  subscription_id: shown(subscriptionId),
});
