import type { Memory, SendResult } from '../../domain/destination/destination.ts';
import { poisonReason, strikesAfterServerFault } from '../../domain/retry/poison.ts';
import { nextAttempt } from '../../domain/retry/retry.ts';
import { type Delivery, deliveryId } from '../../store/deliveries/delivery.ts';
import type { DeliverDeps } from './deps.ts';
import { reportFailure } from './health.ts';
import { type Attempting, type Delivered, postpone, settle } from './settle.ts';

const serverFault = (result: { statusCode?: number; timedOut?: boolean }): boolean =>
  result.timedOut === true || (result.statusCode ?? 0) >= 500;

/** Writes down an attempt that failed: when the next one is, or why there is none. */
export async function retryLater(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  result: Extract<SendResult, { outcome: 'retry' }>,
  startedAtMs: number,
  memory: Memory | undefined,
): Promise<Delivered> {
  const { clock, telemetry, random, config } = deps;
  const breaker = await reportFailure(deps, row.destination, {
    delivery: `${row.incidentId}/${deliveryId(row.destination, row.sequence)}`,
    error: result.error,
    timedOut: result.timedOut === true,
    retryAfterMs: result.retryAfterMs,
  });
  const attempts = row.attempts + 1;
  const strikes = serverFault(result)
    ? strikesAfterServerFault({
        strikes: row.strikes,
        previousAttemptAtMs: row.lastAttemptAt ? Date.parse(row.lastAttemptAt) : undefined,
        lastAcceptedAtMs: breaker.lastAcceptedAtMs,
      })
    : row.strikes;
  const owedSinceMs = row.owedSince ? Date.parse(row.owedSince) : startedAtMs;
  const next = nextAttempt({
    attempts,
    firstAttemptAtMs: owedSinceMs,
    nowMs: clock.now(),
    retryAfterMs: result.retryAfterMs,
    horizonMs: config.retry.horizon_hours * 3_600_000,
    random: random.unit(),
  });
  const poison = poisonReason(strikes);
  const made = {
    attempts,
    attemptedAtMs: startedAtMs,
    ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
  };
  if (poison || 'dead' in next) {
    const reason = poison ?? ('dead' in next ? next.dead : '');
    return settle(deps, row, how, { status: 'dead', reason, error: result.error, ...made }, memory);
  }
  telemetry.metric('DeliveriesRetried', 1, row.destination);
  telemetry.warn('delivery failed, will be tried again', {
    incident_id: row.incidentId,
    event_id: row.eventId,
    destination: row.destination,
    attempts,
    error: result.error,
  });
  return postpone(deps, row, how, {
    dueAtMs: next.at,
    owedSinceMs,
    attempt: {
      attempts,
      strikes,
      atMs: startedAtMs,
      error: result.error,
      ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
    },
  });
}

/** The destination is being left alone: no attempt, but the horizon runs. */
export async function waitForDestination(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  memory: Memory | undefined,
  nextProbeAtMs: number,
): Promise<Delivered> {
  const now = deps.clock.now();
  const owedSinceMs = row.owedSince ? Date.parse(row.owedSince) : now;
  const endsAtMs = owedSinceMs + deps.config.retry.horizon_hours * 3_600_000;
  if (now >= endsAtMs) {
    const reason = 'the retry horizon is over and the destination has not come back';
    return settle(deps, row, how, { status: 'dead', reason }, memory);
  }
  const dueAtMs = Math.max(nextProbeAtMs, now) + Math.floor(deps.random.unit() * 60_000);
  return postpone(deps, row, how, { dueAtMs: Math.min(dueAtMs, endsAtMs), owedSinceMs });
}
