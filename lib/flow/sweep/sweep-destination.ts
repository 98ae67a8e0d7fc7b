import { breakerVerdict, pickProbe } from '../../domain/retry/breaker.ts';
import { isUpcoming } from '../../store/database/due.ts';
import { type DeliveryKey, deliveryId } from '../../store/deliveries/delivery.ts';
import { readPredecessor } from '../../store/deliveries/delivery-order.ts';
import { readHealth } from '../../store/destinations/destinations.ts';
import { reserveProbe } from '../deliver/health.ts';
import type { WorkDeps } from '../subjects/deps.ts';
import { catchUp } from './catch-up.ts';
import { deliver } from './deliver.ts';
import { dueAt } from './due-deliveries.ts';
import type { SweepRun } from './sweep-report.ts';

/** While its breaker is open, so many rows a run are moved on or given up. */
const moveOnPerRun = 100;
/** Due rows of each shard among which one is found that can be sent as a probe. */
const probeCandidates = 4;

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
    const due = await dueAt(deps, name, probeCandidates);
    if (due.length > 0 && (await reserveProbe(deps, name, health, configured.timeoutMs))) {
      await probe(run, due, health.breaker.lastFailed);
      closed = (await readHealth(deps.store, name)).breaker.nextProbeAtMs === undefined;
    }
  }
  const slow = isUpcoming(health.slowUntilMs, deps.clock.now());
  await catchUp(run, name, closed ? { slow } : { slow: false, most: moveOnPerRun });
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
    if (await deliver(run, [await headOf(run.deps, chosen)], { probing: true })) return;
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
