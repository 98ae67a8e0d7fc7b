import { expiry } from '../../store/database/due.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import {
  type EventKey,
  lastEventKey,
  markEventDue,
  postponeEvent,
  readDueAt,
  settleEvent,
} from '../../store/events/events.ts';
import { deliverIncident } from '../deliver/deliver-incident.ts';
import type { DeliverDeps } from '../deliver/deps.ts';
import type { ProcessDeps } from '../freeze/deps.ts';
import { stillJudgedBy } from '../freeze/judge.ts';
import { processIncident } from '../freeze/process-incident.ts';
import { processServiceEvent } from '../freeze/process-service-event.ts';

export type WorkDeps = ProcessDeps & DeliverDeps;

/** An incident to look after, and the log keys of its events that ask for it. */
export interface Wake {
  incidentId: string;
  logKeys: string[];
  /** The due marks were put off before the work began, and that was counted as a failure unless it succeeds. */
  counted?: boolean;
}

/** How long a worker may go on sending what it has claimed. */
export const claimMs = 45_000;
/** A held incident whose judgement is out of date by the time it is written is judged again, at most so often. */
const rejudgements = 5;
const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
/** Longer than an invocation lasts. */
const whileWorkingMs = 120_000;
/** From so many failures on, somebody should look. */
const failuresToReport = 5;

/**
 * Does everything one incident needs: works out what it owes, sends it, and takes away the due marks of its
 * events once all of that stands in durable rows. `forward` and `sweep` both call it, in any number, at any time.
 */
export async function workIncident(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void> {
  try {
    await work(deps, wake, stopAtMs);
  } catch (error) {
    const failures = wake.counted ? 0 : await postponeAll(deps, wake, firstRetryMs);
    deps.telemetry.metric('ProcessingFailed', 1);
    if (failures >= failuresToReport) deps.telemetry.metric('ProcessingStuck', 1);
    deps.telemetry.error('incident could not be processed, will be tried again', {
      incident_id: wake.incidentId,
      error,
    });
  }
}

/**
 * The same for due marks that `sweep` has found, which are put off first: an incident that brings the whole
 * process down must not bring down every following sweep too.
 */
export async function workDueIncident(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void> {
  const failures = await postponeAll(deps, wake, whileWorkingMs);
  if (failures > failuresToReport) deps.telemetry.metric('ProcessingStuck', 1);
  await workIncident(deps, { ...wake, counted: true }, stopAtMs);
}

async function work(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void> {
  const { incidentId } = wake;
  if (incidentId.startsWith('service:')) {
    for (const logKey of wake.logKeys) await processServiceEvent(deps, incidentId, logKey);
  } else if (incidentId.startsWith('other:')) {
    for (const logKey of wake.logKeys) await skipEvent(deps, { incidentId, logKey });
  } else if (!incidentId.startsWith('quarantine:')) {
    for (let round = 0; round < rejudgements; round++) {
      if (!(await workOnce(deps, wake, stopAtMs))) return;
    }
  }
}

/** Whether it should be done again. */
async function workOnce(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<boolean> {
  const { store, clock, config } = deps;
  const claim: Claim = { token: deps.random.token(), untilMs: clock.now() + claimMs };
  const processed = await processIncident(deps, wake.incidentId, wake.logKeys, claim);
  if (processed.kind !== 'processed') return false;
  const { busy } = await deliverIncident(
    deps,
    wake.incidentId,
    processed.owed.flatMap(({ outgoing }) =>
      outgoing.destinations.map((destination) => ({ destination, sequence: outgoing.sequence, outgoing })),
    ),
    { claim, stopAtMs: Math.min(stopAtMs, claim.untilMs), probing: false },
  );
  const expiresAt = expiry(clock.now(), config.retention_days);
  await inBatches(processed.owed, async ({ outgoing, dueAt }) => {
    const key = { incidentId: wake.incidentId, logKey: outgoing.logKey };
    if (busy.has(outgoing.sequence)) await postponeEvent(store, key, claim.untilMs, false);
    else if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt });
  });
  // A push that landed while the incident was judged by the old catalog would otherwise leave it stuck.
  const { heldBy } = processed;
  if (heldBy && !(await stillJudgedBy(deps, heldBy.serviceId, heldBy.judgedBy))) return true;
  await inBatches(processed.held, (event) => settleEvent(store, event));
  return processed.more && clock.now() < stopAtMs;
}

/** The event is about no incident: it is kept, and nobody is owed anything. */
async function skipEvent({ store, clock, config }: WorkDeps, key: EventKey): Promise<void> {
  const dueAt = await readDueAt(store, key);
  const expiresAt = expiry(clock.now(), config.retention_days);
  if (dueAt) await settleEvent(store, { ...key, dueAt }, { expiresAt, outcome: 'skipped: no_incident' });
}

async function inBatches<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
  const size = 10;
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(each));
  }
}

/** Puts the due marks off, longer with every time; the highest number of times so far. */
async function postponeAll(deps: WorkDeps, wake: Wake, leastMs: number): Promise<number> {
  const { store, clock } = deps;
  if (wake.logKeys.length === 0) {
    // A held incident has no mark: it gets one, so that trying again is counted and put off like everything else.
    const last = await lastEventKey(store, wake.incidentId);
    if (last) await markEventDue(store, last, clock.now() + leastMs);
  }
  let failures = 0;
  await inBatches(wake.logKeys, async (logKey) => {
    const key = { incidentId: wake.incidentId, logKey };
    const times = (await postponeEvent(store, key, clock.now() + leastMs, true)) ?? 0;
    failures = Math.max(failures, times);
    const pause = Math.min(firstRetryMs * 2 ** (times - 1), longestRetryMs);
    if (pause > leastMs) await postponeEvent(store, key, clock.now() + pause, false);
  });
  return failures;
}
