import { forEachLimited } from './concurrency.ts';
import { deliverIncident } from './deliver/deliver-incident.ts';
import { reserveProbe } from './deliver/health.ts';
import { breakerVerdict, pickProbe } from './delivery/breaker.ts';
import { fingerprint } from './matching/fingerprint.ts';
import { dueDeliveries } from './store/deliveries.ts';
import { type DeliveryKey, deliveryId } from './store/delivery.ts';
import { knownDestinations, readHealth, registerDestination } from './store/destinations.ts';
import { dueShards } from './store/due.ts';
import { dueEvents } from './store/events.ts';
import { anyHeld, heldIncidents } from './store/incidents.ts';
import { heldServices, unwatchService } from './store/mappings.ts';
import { comparedCounters } from './telemetry/metric-names.ts';
import { claimMs, type WorkDeps, workIncident } from './work-incident.ts';

export interface SweepReport {
  incidents: number;
  deliveries: number;
  held: number;
  oldestOwedSeconds: number;
}

export type Sweep = (remainingMs: number) => Promise<SweepReport>;

const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));
const reserveMs = 10_000;
const incidentsAtOnce = 8;
const lanesAtOnce = 4;
const batch = 100;
/** A destination that has come back gets at most so much a run: bounded, in order, beside the new events. */
const deliveriesPerRun = 600;
/** While its breaker is open, so many rows a run are moved on or given up. */
const moveOnPerRun = 100;
/** A service stays watched this long after its last held incident: the index may be behind. */
const watchMs = 3_600_000;
/** Stands before every fingerprint. */
const judgedByNothing = '#';

/**
 * Finds whatever the stream missed or what was put off: due events, due deliveries, held incidents that would
 * match now. Each part works in bounded batches until nothing is due or its time is over, and none can keep
 * another one from its turn. Safe beside `forward` and beside another sweep.
 */
export function createSweep(deps: WorkDeps): Sweep {
  return async (remainingMs) => {
    const { telemetry, clock } = deps;
    const stopAtMs = clock.now() + Math.max(remainingMs - reserveMs, 1_000);
    const report: SweepReport = { incidents: 0, deliveries: 0, held: 0, oldestOwedSeconds: 0 };
    const names = await destinationNames(deps);
    const parts = await Promise.allSettled([
      sweepEvents(deps, report, stopAtMs),
      sweepHeld(deps, report, stopAtMs),
      ...names.map((name) => sweepDestination(deps, name, report, stopAtMs)),
    ]);
    telemetry.metric('OldestOwedAge', report.oldestOwedSeconds);
    const failures = parts.filter((part) => part.status === 'rejected');
    for (const { reason } of failures) telemetry.error('a part of the sweep failed', { error: reason });
    if (failures.length === 0) telemetry.metric('SweepHeartbeat', 1);
    for (const name of comparedCounters) telemetry.metric(name, 0);
    telemetry.info('sweep done', { ...report });
    return report;
  };
}

/** Every destination that is or was configured; new ones get a row so that they are found after their removal. */
async function destinationNames(deps: WorkDeps): Promise<string[]> {
  const known = new Set(await knownDestinations(deps.store));
  for (const { name } of deps.destinations) {
    if (!known.has(name)) await registerDestination(deps.store, name, deps.clock.now());
    known.add(name);
  }
  return [...known];
}

function noteAge(deps: WorkDeps, report: SweepReport, dueAt: string): void {
  const seconds = Math.floor((deps.clock.now() - Date.parse(dueAt)) / 1000);
  report.oldestOwedSeconds = Math.max(report.oldestOwedSeconds, seconds);
}

async function sweepEvents(deps: WorkDeps, report: SweepReport, stopAtMs: number): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const pages = await Promise.all(
      shards.map((shard) => dueEvents(deps.store, shard, deps.clock.now(), batch)),
    );
    const incidents = new Map<string, string[]>();
    for (const event of pages.flat()) {
      noteAge(deps, report, event.dueAt);
      if (seen.has(event.incidentId)) continue;
      incidents.set(event.incidentId, [...(incidents.get(event.incidentId) ?? []), event.logKey]);
    }
    if (incidents.size === 0) return;
    await forEachLimited(incidents, incidentsAtOnce, async ([incidentId, logKeys]) => {
      if (deps.clock.now() >= stopAtMs) return;
      seen.add(incidentId);
      await workIncident(deps, { incidentId, logKeys }, stopAtMs);
      report.incidents += 1;
    });
    if (deps.clock.now() >= stopAtMs) return;
  }
}

async function dueFor(
  deps: WorkDeps,
  name: string,
  limit: number,
): Promise<(DeliveryKey & { dueAt: string })[]> {
  const now = deps.clock.now();
  const pages = await Promise.all(shards.map((shard) => dueDeliveries(deps.store, name, shard, now, limit)));
  return pages.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

async function sweepDestination(
  deps: WorkDeps,
  name: string,
  report: SweepReport,
  stopAtMs: number,
): Promise<void> {
  const health = await readHealth(deps.store, name);
  const verdict = breakerVerdict(health.breaker, deps.clock.now());
  const configured = deps.destinations.find((destination) => destination.name === name);
  const { openedAtMs } = health.breaker;
  if (configured && openedAtMs !== undefined) {
    deps.telemetry.metric('DestinationDownFor', (deps.clock.now() - openedAtMs) / 1000, name);
  }
  let closed = verdict === 'closed' || !configured;
  if (configured && verdict === 'probe_due') {
    const due = await dueFor(deps, name, 2);
    const probe = pickProbe(due, (key) => labelOf(key) === health.breaker.lastFailed);
    if (probe && (await reserveProbe(deps, name, health, configured.timeoutMs))) {
      await deliver(deps, [probe], report, stopAtMs, true);
      closed = (await readHealth(deps.store, name)).breaker.nextProbeAtMs === undefined;
    }
  }
  await drain(deps, name, report, stopAtMs, closed ? deliveriesPerRun : moveOnPerRun);
}

const labelOf = (key: DeliveryKey): string =>
  `${key.incidentId}/${deliveryId(key.destination, key.sequence)}`;

async function drain(
  deps: WorkDeps,
  name: string,
  report: SweepReport,
  stopAtMs: number,
  most: number,
): Promise<void> {
  const seen = new Set<string>();
  let done = 0;
  while (done < most && deps.clock.now() < stopAtMs) {
    const due = (await dueFor(deps, name, batch)).filter((key) => !seen.has(labelOf(key)));
    if (due.length === 0) return;
    for (const key of due) noteAge(deps, report, key.dueAt);
    const lanes = new Map<string, DeliveryKey[]>();
    for (const key of due.slice(0, most - done)) {
      seen.add(labelOf(key));
      lanes.set(key.incidentId, [...(lanes.get(key.incidentId) ?? []), key]);
    }
    await forEachLimited(lanes.values(), lanesAtOnce, async (keys) => {
      if (done >= most) return;
      const deliveries = await deliver(deps, keys, report, stopAtMs, false);
      done += deliveries;
    });
  }
}

async function deliver(
  deps: WorkDeps,
  keys: DeliveryKey[],
  report: SweepReport,
  stopAtMs: number,
  probing: boolean,
): Promise<number> {
  const [first] = keys;
  if (!first || deps.clock.now() >= stopAtMs) return 0;
  const claim = { token: deps.random.token(), untilMs: deps.clock.now() + claimMs };
  const { deliveries } = await deliverIncident(deps, first.incidentId, keys, { claim, stopAtMs, probing });
  report.deliveries += deliveries;
  return deliveries;
}

/** Held incidents are judged again when catalog, pin or name are no longer what they were judged by. */
async function sweepHeld(deps: WorkDeps, report: SweepReport, stopAtMs: number): Promise<void> {
  const { store, clock, matcher } = deps;
  const services = await heldServices(store);
  if (services.length === 0) return;
  const generation = await matcher.currentGeneration();
  for (const service of services) {
    // Where the configuration holds nothing any more, no judgement is a reason to go on holding.
    const holding = deps.config.unmatched === 'hold';
    const judgedBy = holding ? fingerprint(generation, service.pin, service.name) : judgedByNothing;
    const seen = new Set<string>();
    for (;;) {
      const held = await heldIncidents(store, service.serviceId, judgedBy, batch);
      const fresh = held.filter(({ incidentId }) => !seen.has(incidentId));
      await forEachLimited(fresh, incidentsAtOnce, async ({ incidentId }) => {
        seen.add(incidentId);
        await workIncident(deps, { incidentId, logKeys: [] }, stopAtMs);
        report.held += 1;
      });
      if (fresh.length === 0 || clock.now() >= stopAtMs) break;
    }
    const quiet = seen.size === 0 && clock.now() - Date.parse(service.heldAt) > watchMs;
    if (quiet && !(await anyHeld(store, service.serviceId))) {
      await unwatchService(store, service.serviceId, service.heldAt);
    }
    if (clock.now() >= stopAtMs) return;
  }
}
