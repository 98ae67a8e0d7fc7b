import { withContent } from '../../domain/destination/content.ts';
import type { Memory, SendResult } from '../../domain/destination/destination.ts';
import { breakerVerdict } from '../../domain/retry/breaker.ts';
import { claimDelivery, readDelivery, rememberBeforeSending } from '../../store/deliveries/deliveries.ts';
import type { Delivery, DeliveryKey } from '../../store/deliveries/delivery.ts';
import { parkBehind, readPredecessor } from '../../store/deliveries/delivery-order.ts';
import { type Health, readHealth } from '../../store/destinations/destinations.ts';
import { type Outgoing, readOutgoing } from '../../store/outgoing/outgoing.ts';
import type { DeliverDeps } from './deps.ts';
import { reportAnswer } from './health.ts';
import { warnOfRetirement } from './retirement.ts';
import { retryLater, waitForDestination } from './retry-later.ts';
import { clockDifferenceMs, isLeftToSweep, sendInTurn } from './send-in-turn.ts';
import { type Attempting, type Delivered, left, leftToOthers, postpone, settle } from './settle.ts';
import { isSuperseded } from './superseded.ts';

/** Sends one delivery if it is its turn, at most once, and writes down what came of it. */
export async function deliverOne(deps: DeliverDeps, key: DeliveryKey, how: Attempting): Promise<Delivered> {
  const { store, clock } = deps;
  // The predecessor first: when it ends it takes the claim off the row behind it, which must be seen then.
  let predecessor = await readPredecessor(store, key);
  let row = await readDelivery(store, key);
  // What was left out is owed after all in sequence order: where this row is owed by now, so is the one before it.
  if (row?.status === 'pending' && predecessor?.leftOut) predecessor = await readDelivery(store, predecessor);
  if (row?.status === 'pending' && predecessor?.status === 'pending') {
    if (await parkBehind(store, predecessor, row)) return left('owed');
    predecessor = await readDelivery(store, predecessor);
    row = await readDelivery(store, key);
  }
  if (row?.status !== 'pending') return { ...left('settled'), dueKept: row?.dueAt };
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
  if (!outgoing) {
    const reason = 'its frozen incident event has expired';
    return settle(deps, row, how, { status: 'dead', reason }, memory);
  }
  if (outgoing.skipped) {
    return settle(deps, row, how, { status: 'skipped', reason: outgoing.skipped }, memory);
  }

  const health = await readHealth(store, row.destination);
  const open = breakerVerdict(health.breaker, clock.now()) !== 'closed';
  if (open && !how.probing)
    return waitForDestination(deps, row, how, memory, health.breaker.nextProbeAtMs ?? 0);
  if (isLeftToSweep(health, how, clock.now())) return postponeToNow(deps, row, how);
  if (await isSuperseded(deps, destination, row, memory)) {
    return settle(deps, row, how, { status: 'skipped', reason: 'superseded' }, memory);
  }
  const rendering = destination.render(withContent(outgoing.event, row.content), memory);
  if ('skip' in rendering) {
    return settle(deps, row, how, { status: 'skipped', reason: rendering.skip }, memory);
  }
  if (rendering.memory && !(await rememberBeforeSending(store, row, how.claim, rendering.memory))) {
    return leftToOthers(deps, row);
  }
  const mayBeginUntilMs =
    Math.min(how.claim.untilMs - clockDifferenceMs, how.stopAtMs) - destination.timeoutMs;
  if (clock.now() > mayBeginUntilMs) return postponeToNow(deps, row, how);
  const sent = await sendInTurn(deps, destination, rendering.payload, mayBeginUntilMs, how);
  if (!sent) return postponeToNow(deps, row, how);
  const { result, startedAtMs } = sent;
  if (result.outcome === 'retry')
    return retryLater(deps, row, how, result, startedAtMs, rendering.memory ?? memory);
  if (result.outcome === 'skipped') {
    return settle(deps, row, how, { status: 'skipped', reason: result.reason }, memory);
  }
  return finish(deps, row, how, result, startedAtMs, outgoing, health, {
    before: rendering.memory ?? memory,
    after: rendering.memoryAfter,
  });
}

/** Left to whoever looks for what is due. */
function postponeToNow(deps: DeliverDeps, row: Delivery, how: Attempting): Promise<Delivered> {
  return postpone(deps, row, how, {
    dueAtMs: deps.clock.now(),
    ...(row.owedSince ? { owedSinceMs: Date.parse(row.owedSince) } : {}),
  });
}

async function finish(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  result: Extract<SendResult, { outcome: 'delivered' | 'refused' }>,
  startedAtMs: number,
  outgoing: Outgoing,
  health: Health,
  memories: { before: Memory | undefined; after: Memory | undefined },
): Promise<Delivered> {
  const { clock, telemetry } = deps;
  const accepted = result.outcome === 'delivered';
  const made = {
    attempts: row.attempts + 1,
    attemptedAtMs: startedAtMs,
    ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
  };
  await reportAnswer(deps, row.destination, accepted, health);
  if (result.outcome === 'delivered') {
    const deliveredAtMs = clock.now();
    telemetry.metric('DeliveryLatency', deliveredAtMs - Date.parse(outgoing.receivedAt), row.destination);
    return settle(
      deps,
      row,
      how,
      { status: 'delivered', ...made, deliveredAtMs },
      memories.after ?? memories.before,
    );
  }
  const { error, retired } = result;
  if (retired) await warnOfRetirement(deps, row.destination, retired, health);
  const reason = retired ? { reason: retired.reason } : {};
  return settle(deps, row, how, { status: 'dead', error, ...reason, ...made }, memories.before);
}
