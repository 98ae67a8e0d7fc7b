import type { Detecting } from '../../adapters/destinations/datadog/detecting.ts';
import type { GitHost } from '../../adapters/git-hosts/git-host.ts';
import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { comparedCounters } from '../../metric-names.ts';
import { knownDestinations, registerDestination } from '../../store/destinations/destinations.ts';
import type { MarkedWish } from '../deployments/lead-time-wish.ts';
import type { WorkDeps } from '../subjects/deps.ts';
import { bringMarksNearer, createClockWatch } from './clock-went-back.ts';
import { completeIncidents } from './complete-incidents.ts';
import { completeServices } from './complete-services.ts';
import { createPauses, measureLeadTimes } from './measure-lead-times.ts';
import { sweepDestination } from './sweep-destination.ts';
import { sweepEvents } from './sweep-events.ts';
import { sweepHeld } from './sweep-held.ts';
import { sweepHeldDeployments } from './sweep-held-deployments.ts';
import type { SweepReport, SweepRun } from './sweep-report.ts';
import { createAsked, takeDetected } from './take-detected.ts';

export interface SweepDeps extends WorkDeps {
  /** Asked which commits deployments brought. */
  gitHosts?: readonly GitHost[];
  /** Asked for incidents and services that no event tells of. */
  pagerDuty?: PagerDutyApi | undefined;
  /** Asked for deployments that they have detected by themselves. */
  detecting?: readonly Detecting[];
}

export type Sweep = (remainingMs: number) => Promise<SweepReport>;

/** Left over at the end of an invocation, to write down what came of the last attempts. */
const reserveMs = 10_000;

/**
 * Finds whatever the stream missed or what was put off: due events, due deliveries, held incidents that would
 * match now. Each part works in bounded batches until nothing is due or its time is over, and none can keep
 * another one from its turn. Safe beside `forward` and beside another sweep.
 */
export function createSweep(given: SweepDeps): Sweep {
  const wentBackBy = createClockWatch();
  const askAgain = createPauses();
  const asked = createAsked();
  return async (remainingMs) => {
    const wishes: MarkedWish[] = [];
    const toAskFor = new Set<string>();
    const servicesToAskFor = new Set<string>();
    const deps = { ...given, wishes, ...(given.pagerDuty && { toAskFor, servicesToAskFor }) };
    const { telemetry, clock } = deps;
    const stopAtMs = clock.now() + Math.max(remainingMs - reserveMs, 1_000);
    const report: SweepReport = { incidents: 0, deliveries: 0, held: 0, oldestOwedSeconds: 0 };
    const run: SweepRun = { deps, report, stopAtMs };
    const names = await destinationNames(deps).catch((error: unknown) => {
      const failure = 'the destinations cannot be read, nothing was swept';
      telemetry.error(failure, { error });
      // Not the error itself: Lambda prints what is thrown as it is, and AWS quotes requests in its refusals.
      throw new Error(failure);
    });
    const backMs = wentBackBy(clock.now());
    const nearer = backMs > 0 ? [bringMarksNearer(deps, names, backMs)] : [];
    const parts = await Promise.allSettled(nearer);
    const work = await Promise.allSettled([
      sweepEvents(run),
      sweepHeld(run),
      sweepHeldDeployments(run),
      ...names.map((name) => sweepDestination(run, name)),
    ]);
    parts.push(...work);
    // What the first two parts have left to a destination that had nothing due before.
    if (report.incidents + report.held > 0) {
      parts.push(...(await Promise.allSettled(names.map((name) => sweepDestination(run, name)))));
    }
    // Last, so that nothing that is owed to anybody waits for others.
    const asking = [measureLeadTimes(run, given.gitHosts ?? [], wishes, askAgain)];
    for (const each of given.detecting ?? []) asking.push(takeDetected(run, each, asked));
    if (given.pagerDuty) asking.push(askPagerDuty(run, given.pagerDuty, toAskFor, servicesToAskFor));
    parts.push(...(await Promise.allSettled(asking)));
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

/** One after the other: PagerDuty is asked one thing at a time. */
async function askPagerDuty(
  run: SweepRun,
  api: PagerDutyApi,
  incidentIds: ReadonlySet<string>,
  serviceIds: ReadonlySet<string>,
): Promise<void> {
  await completeServices(run, api, serviceIds);
  await completeIncidents(run, api, incidentIds);
}
