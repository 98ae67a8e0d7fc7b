import { breakerVerdict } from '../delivery/breaker.ts';
import { poisonReason, strikesAfterServerFault } from '../delivery/poison.ts';
import { nextAttempt } from '../delivery/retry.ts';
import type { Destination, Memory, SendResult } from '../destinations/destination.ts';
import {
  type Claim,
  claimDelivery,
  type Delivery,
  type DeliveryKey,
  deliveryId,
  parkBehind,
  postponeDelivery,
  readDelivery,
  releaseNext,
  rememberBeforeSending,
  type Settlement,
  settleDelivery,
} from '../store/deliveries.ts';
import { readHealth } from '../store/destinations.ts';
import { expiry } from '../store/due.ts';
import { type Outgoing, readOutgoing } from '../store/outgoing.ts';
import type { DeliverDeps } from './deps.ts';
import { reportAnswer, reportFailure } from './health.ts';
import { isSuperseded } from './superseded.ts';

/**
 * `settled`: delivered, skipped or dead. `owed`: pending, and found again by its own due mark or by the row it
 * waits behind. `busy`: pending, in another worker's hands, without a mark of its own.
 */
export type Outcome = 'settled' | 'owed' | 'busy';

export interface Delivered {
  outcome: Outcome;
  /** The next row of this incident and destination has been made due. */
  releasedNext: boolean;
  /** It has ended and still carries its due mark: to be cleared once the incident's row is up to date. */
  dueKept: boolean;
}

export interface Attempting {
  claim: Claim;
  /** No attempt is started that could last beyond this. */
  stopAtMs: number;
  /** Send although the destination's breaker is open. */
  probing: boolean;
  /** What the worker has at hand already. */
  outgoing?: Outgoing;
}

const left = (outcome: Outcome): Delivered => ({ outcome, releasedNext: false, dueKept: false });

const serverFault = (result: { statusCode?: number; timedOut?: boolean }): boolean =>
  result.timedOut === true || (result.statusCode ?? 0) >= 500;

/** Sends one delivery if it is its turn, at most once, and writes down what came of it. */
export async function deliverOne(deps: DeliverDeps, key: DeliveryKey, how: Attempting): Promise<Delivered> {
  const { store, clock } = deps;
  let row = await readDelivery(store, key);
  if (!row || row.status !== 'pending') return { ...left('settled'), dueKept: row?.dueAt !== undefined };

  const before = { ...key, sequence: key.sequence - 1 };
  let predecessor = key.sequence > 1 ? await readDelivery(store, before) : undefined;
  if (predecessor?.status === 'pending') {
    if (await parkBehind(store, before, row)) return left('owed');
    predecessor = await readDelivery(store, before);
  }
  if (row.claim !== how.claim.token) {
    const claimed = await claimDelivery(store, key, how.claim, clock.now());
    if (!claimed) return left(row.dueAt === undefined ? 'busy' : 'owed');
    row = claimed;
  }
  return attempt(deps, row, row.memory ?? predecessor?.memory, how);
}

async function attempt(
  deps: DeliverDeps,
  row: Delivery,
  memory: Memory | undefined,
  how: Attempting,
): Promise<Delivered> {
  const { store, clock } = deps;
  const destination = deps.destinations.find(({ name }) => name === row.destination);
  if (!destination)
    return settle(deps, row, how, { status: 'skipped', reason: 'destination_removed' }, memory);
  const outgoing = how.outgoing ?? (await readOutgoing(store, row.incidentId, row.sequence));
  if (!outgoing) return settle(deps, row, how, dead('its frozen incident event has expired'), memory);

  const health = await readHealth(store, row.destination);
  const open = breakerVerdict(health.breaker, clock.now()) !== 'closed';
  if (open && !how.probing)
    return waitForDestination(deps, row, how, memory, health.breaker.nextProbeAtMs ?? 0);
  if (await isSuperseded(deps, destination, row, memory)) {
    return settle(deps, row, how, { status: 'skipped', reason: 'superseded' }, memory);
  }
  const rendering = destination.render(outgoing.incidentEvent, memory);
  if ('skip' in rendering) {
    return settle(deps, row, how, { status: 'skipped', reason: rendering.skip }, memory);
  }
  if (rendering.memory && !(await rememberBeforeSending(store, row, how.claim, rendering.memory))) {
    return left('busy');
  }
  const startedAtMs = clock.now();
  if (startedAtMs + destination.timeoutMs > Math.min(how.claim.untilMs, how.stopAtMs)) {
    await postponeDelivery(store, row, how.claim, {
      dueAtMs: startedAtMs,
      ...(row.owedSince ? { owedSinceMs: Date.parse(row.owedSince) } : {}),
    });
    return left('owed');
  }
  const result = await destination.send(rendering.payload, startedAtMs);
  if (result.outcome === 'retry')
    return retryLater(deps, row, how, result, startedAtMs, rendering.memory ?? memory);
  return finish(deps, destination, row, how, result, startedAtMs, outgoing, {
    before: rendering.memory ?? memory,
    after: rendering.memoryAfter,
  });
}

const dead = (error: string): Partial<Settlement> & { status: 'dead' } => ({ status: 'dead', error });

async function finish(
  deps: DeliverDeps,
  destination: Destination,
  row: Delivery,
  how: Attempting,
  result: Exclude<SendResult, { outcome: 'retry' }>,
  startedAtMs: number,
  outgoing: Outgoing,
  memories: { before: Memory | undefined; after: Memory | undefined },
): Promise<Delivered> {
  const { clock, telemetry } = deps;
  const accepted = result.outcome === 'delivered';
  const made = {
    attempts: row.attempts + 1,
    attemptedAtMs: startedAtMs,
    ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
  };
  await reportAnswer(deps, destination.name, accepted);
  if (result.outcome === 'delivered') {
    const deliveredAtMs = clock.now();
    telemetry.metric('DeliveryLatency', deliveredAtMs - Date.parse(outgoing.receivedAt), destination.name);
    return settle(
      deps,
      row,
      how,
      { status: 'delivered', ...made, deliveredAtMs },
      memories.after ?? memories.before,
    );
  }
  return settle(deps, row, how, { ...dead(result.error), ...made }, memories.before);
}

async function retryLater(
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
  await postponeDelivery(deps.store, row, how.claim, {
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
  return left('owed');
}

/** The destination is being left alone: no attempt, but the horizon runs. */
async function waitForDestination(
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
  await postponeDelivery(deps.store, row, how.claim, { dueAtMs: Math.min(dueAtMs, endsAtMs), owedSinceMs });
  return left('owed');
}

/** Ends a delivery; the row that waits behind it is made due first, so that it cannot be forgotten. */
async function settle(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  settlement: Partial<Settlement> & { status: Settlement['status'] },
  memory: Memory | undefined,
): Promise<Delivered> {
  const { store, clock, config } = deps;
  const whole: Settlement = {
    attempts: row.attempts,
    ...settlement,
    ...(memory ? { memory } : {}),
    expiresAt: expiry(clock.now(), config.retention_days),
  };
  const keepDue = row.dueAt !== undefined;
  let ended = await settleDelivery(store, row, how.claim, whole, { releasedNext: false, keepDue });
  const releasedNext = ended === 'followed';
  if (ended === 'followed') {
    await releaseNext(store, { ...row, sequence: row.sequence + 1 }, clock.now());
    ended = await settleDelivery(store, row, how.claim, whole, { releasedNext: true, keepDue });
  }
  if (ended !== 'settled') {
    const now = await readDelivery(store, row);
    const found = now?.status !== 'pending' ? 'settled' : now.dueAt === undefined ? 'busy' : 'owed';
    return { ...left(found), releasedNext };
  }
  countSettled(deps, row, whole);
  return { outcome: 'settled', releasedNext, dueKept: keepDue };
}

const settledMetric = {
  delivered: 'DeliveriesDelivered',
  skipped: 'DeliveriesSkipped',
  dead: 'DeliveriesDead',
} as const;

function countSettled({ telemetry }: DeliverDeps, row: Delivery, settlement: Settlement): void {
  telemetry.metric(settledMetric[settlement.status], 1, row.destination);
  const fields = {
    incident_id: row.incidentId,
    event_id: row.eventId,
    destination: row.destination,
    sequence: row.sequence,
    attempts: settlement.attempts,
    ...(settlement.reason ? { reason: settlement.reason } : {}),
    ...(settlement.error ? { error: settlement.error } : {}),
  };
  if (settlement.status === 'dead') telemetry.error('delivery dead', fields);
  else telemetry.info(`delivery ${settlement.status}`, fields);
}
