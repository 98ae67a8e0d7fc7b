import { inParallel } from '../../store/database/in-parallel.ts';
import { lastEventKey, markEventDue, postponeEvent } from '../../store/events/events.ts';
import type { WorkDeps } from './deps.ts';
import type { Wake } from './subject.ts';
import { subjectOf } from './subjects.ts';

const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
/** Longer than an invocation lasts. */
const whileWorkingMs = 120_000;
/** From so many failures on, somebody should look. */
const failuresToReport = 5;
const marksAtOnce = 10;
/** A line of the log names so many events. */
const mostNamed = 20;

/**
 * Does everything one subject needs, so that nothing it owes depends on this worker any more. `forward` and `sweep`
 * both call it, in any number, at any time. Throws only when not even the due marks could be put off.
 */
export async function workSubject(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void> {
  await workOn(deps, wake, stopAtMs, () => postponeAll(deps, wake, firstRetryMs));
}

/**
 * The same for due marks that `sweep` has found, which are put off first: a subject that brings the whole
 * process down must not bring down every following sweep too.
 */
export async function workDueSubject(deps: WorkDeps, wake: Wake, stopAtMs: number): Promise<void> {
  const failures = await postponeAll(deps, wake, whileWorkingMs);
  // Said before it is tried: what brings the whole process down can say nothing afterwards.
  if (failures > failuresToReport) reportStuck(deps, wake, failures);
  // That was counted as a failure already.
  await workOn(deps, wake, stopAtMs, async () => 0);
}

async function workOn(
  deps: WorkDeps,
  wake: Wake,
  stopAtMs: number,
  countFailure: () => Promise<number>,
): Promise<void> {
  try {
    await subjectOf(wake.subject).work(deps, wake, stopAtMs);
  } catch (error) {
    const failures = await countFailure();
    deps.telemetry.metric('ProcessingFailed', 1);
    if (failures >= failuresToReport) reportStuck(deps, wake, failures);
    deps.telemetry.error('incident could not be processed, will be tried again', {
      incident_id: wake.subject,
      log_keys: wake.logKeys.slice(0, mostNamed),
      error,
    });
  }
}

/** The alarm, and in the log which events it is about: one that cannot be processed must not hold its incident unseen. */
function reportStuck({ telemetry }: WorkDeps, { subject, logKeys }: Wake, failures: number): void {
  telemetry.metric('ProcessingStuck', 1);
  telemetry.error('processing is stuck, others go on', {
    incident_id: subject,
    log_keys: logKeys.slice(0, mostNamed),
    events: logKeys.length,
    failures,
  });
}

/** Puts the due marks off, longer with every time; the highest number of times so far. */
async function postponeAll(deps: WorkDeps, wake: Wake, leastMs: number): Promise<number> {
  const { store, clock } = deps;
  if (wake.logKeys.length === 0) {
    // A held incident has no mark: it gets one, so that trying again is counted and put off like everything else.
    const last = await lastEventKey(store, wake.subject);
    if (last) await markEventDue(store, last, clock.now() + leastMs);
  }
  let failures = 0;
  await inParallel(wake.logKeys, marksAtOnce, async (logKey) => {
    const key = { incidentId: wake.subject, logKey };
    const times = (await postponeEvent(store, key, clock.now() + leastMs, true)) ?? 0;
    failures = Math.max(failures, times);
    const pause = Math.min(firstRetryMs * 2 ** (times - 1), longestRetryMs);
    if (pause > leastMs) await postponeEvent(store, key, clock.now() + pause, false);
  });
  return failures;
}
