import type { Platform } from '../platform.ts';
import type { Scheduler } from '../scheduler.ts';

const hour = 3_600_000;
/** Once a day the whole log is compared; one more hour for a run that was cut off. */
const dayAndMore = 26 * hour;
/** … until then hours on which nothing can be found are jumped over. */
const lookedAfter = 2 * hour;
/** If it never comes to an end, the oracle says what is missing. */
const longest = 60 * hour;

export interface ReconcileTimerDeps {
  scheduler: Scheduler;
  platform: Platform;
  /** Nothing is lost from then on. */
  soundFrom: number;
}

/**
 * The schedule of `reconcile`: every hour, more often while it has not worked yet, until a day after the last loss two
 * runs have found nothing more.
 */
export function createReconcileTimer({ scheduler, platform, soundFrom }: ReconcileTimerDeps) {
  let calm = 0;
  let hasWorked = false;
  let over = false;
  const tick = () => {
    const startedAt = scheduler.now();
    platform.invoke(
      'reconcile',
      ({ reconcile }) => reconcile?.(900_000) ?? Promise.resolve({ finished: false, events: 0 }),
      (outcome) => {
        const isQuiet = outcome.kind === 'returned' && outcome.value.finished && outcome.value.events === 0;
        hasWorked ||= outcome.kind === 'returned' && outcome.value.finished;
        if (startedAt > soundFrom + dayAndMore) calm = isQuiet ? calm + 1 : 0;
      },
    );
    over = calm >= 2 || scheduler.now() > soundFrom + dayAndMore + longest;
    const soundFor = startedAt - soundFrom;
    const isIdle = soundFor > lookedAfter && soundFor < dayAndMore;
    if (!over) scheduler.after(isIdle ? dayAndMore - soundFor + 1 : hasWorked ? hour : hour / 6, tick);
  };
  return {
    start: (at: number) => scheduler.at(at, tick),
    isOver: () => over,
  };
}
