import { breakerVerdict, pickProbe } from '../../domain/retry/breaker.ts';
import { dueShards } from '../../store/database/due.ts';
import { dueDeliveries } from '../../store/deliveries/deliveries.ts';
import { type DeliveryKey, deliveryId } from '../../store/deliveries/delivery.ts';
import { readPredecessor } from '../../store/deliveries/delivery-order.ts';
import { readHealth } from '../../store/destinations/destinations.ts';
import { deliverIncident } from '../deliver/deliver-incident.ts';
import { reserveProbe } from '../deliver/health.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import type { WorkDeps } from '../subjects/deps.ts';
import { claimMs } from '../subjects/kinds/incident.ts';
import { noteAge, type SweepRun } from './report.ts';

const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));
const lanesAtOnce = 4;
const batch = 100;
/** A destination that has come back gets at most so much a run: bounded, in order, beside the new events. */
const deliveriesPerRun = 600;
/** While its breaker is open, so many rows a run are moved on or given up. */
const moveOnPerRun = 100;
/** Due rows of each shard among which one is found that can be sent as a probe. */
const probeCandidates = 4;

async function dueFor(
  deps: WorkDeps,
  name: string,
  limit: number,
): Promise<(DeliveryKey & { dueAt: string })[]> {
  const now = deps.clock.now();
  const pages = await Promise.all(shards.map((shard) => dueDeliveries(deps.store, name, shard, now, limit)));
  return pages.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

/** What one destination is owed: probes it while its breaker is open, drains what is due when it is closed. */
export async function sweepDestination(run: SweepRun, name: string): Promise<void> {
  const { deps } = run;
  const health = await readHealth(deps.store, name);
  const verdict = breakerVerdict(health.breaker, deps.clock.now());
  const configured = deps.destinations.find((destination) => destination.name === name);
  const { openedAtMs } = health.breaker;
  if (configured && openedAtMs !== undefined) {
    deps.telemetry.metric('DestinationDownFor', (deps.clock.now() - openedAtMs) / 1000, name);
  }
  let closed = verdict === 'closed' || !configured;
  if (configured && verdict === 'probe_due') {
    const due = await dueFor(deps, name, probeCandidates);
    if (due.length > 0 && (await reserveProbe(deps, name, health, configured.timeoutMs))) {
      await probe(run, due, health.breaker.lastFailed);
      closed = (await readHealth(deps.store, name)).breaker.nextProbeAtMs === undefined;
    }
  }
  await drain(run, name, closed ? deliveriesPerRun : moveOnPerRun);
}

/**
 * Sends one delivery to a destination whose breaker is open. Not every row that is due can be sent: it may wait
 * behind another one of its incident, or turn out to be skipped. Then the next one is the probe.
 */
async function probe(
  run: SweepRun,
  due: readonly DeliveryKey[],
  lastFailed: string | undefined,
): Promise<void> {
  const candidates = [...due];
  while (candidates.length > 0) {
    const chosen = pickProbe(candidates, (key) => labelOf(key) === lastFailed);
    if (!chosen) return;
    candidates.splice(candidates.indexOf(chosen), 1);
    const { attempted } = await deliver(run, [await headOf(run.deps, chosen)], true);
    if (attempted) return;
  }
}

/** The delivery a row waits behind, at the front of its incident's line. */
async function headOf(deps: WorkDeps, key: DeliveryKey): Promise<DeliveryKey> {
  let head = key;
  for (;;) {
    const before = await readPredecessor(deps.store, head);
    if (before?.status !== 'pending') return head;
    head = before;
  }
}

const labelOf = (key: DeliveryKey): string =>
  `${key.incidentId}/${deliveryId(key.destination, key.sequence)}`;

async function drain(run: SweepRun, name: string, most: number): Promise<void> {
  const { deps, stopAtMs } = run;
  const seen = new Set<string>();
  let done = 0;
  while (done < most && deps.clock.now() < stopAtMs) {
    const due = (await dueFor(deps, name, batch)).filter((key) => !seen.has(labelOf(key)));
    if (due.length === 0) return;
    for (const key of due) noteAge(run, key.dueAt);
    const lanes = new Map<string, DeliveryKey[]>();
    for (const key of due.slice(0, most - done)) {
      seen.add(labelOf(key));
      lanes.set(key.incidentId, [...(lanes.get(key.incidentId) ?? []), key]);
    }
    await forEachLimited(lanes.values(), lanesAtOnce, async (keys) => {
      if (done >= most) return;
      const { deliveries } = await deliver(run, keys, false);
      done += deliveries;
    });
  }
}

async function deliver(
  { deps, report, stopAtMs }: SweepRun,
  keys: readonly DeliveryKey[],
  probing: boolean,
): Promise<{ deliveries: number; attempted: boolean }> {
  const [first] = keys;
  if (!first || deps.clock.now() >= stopAtMs) return { deliveries: 0, attempted: false };
  const claim = { token: deps.random.token(), untilMs: deps.clock.now() + claimMs };
  const worked = await deliverIncident(deps, first.incidentId, keys, { claim, stopAtMs, probing });
  report.deliveries += worked.deliveries;
  return worked;
}
