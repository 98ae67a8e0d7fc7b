import { tablePrefix } from './application.ts';
import type { MemoryDynamoDb } from './dynamodb/memory-dynamodb.ts';
import type { Scheduler } from './scheduler.ts';

const minute = 60_000;
const longestGap = 6 * 60 * minute;

export interface SweepTimerDeps {
  scheduler: Scheduler;
  database: MemoryDynamoDb;
  /** Windows in which the schedule does not fire. */
  pauses: readonly [number, number][];
  sweep(done: () => void): void;
  /** The outside world has nothing more to do. */
  quiet(): boolean;
  /** From here on it is noted how long anything due is left lying. */
  overdueFrom: number;
  /** Called when two sweeps far apart have found everything at rest. */
  settle(): void;
}

/**
 * The schedule of `sweep`: every minute. Minutes in which it could find nothing are jumped over, or simulated
 * days would take real hours: it runs when something is due, for a few minutes after the world has changed, and
 * every now and then besides.
 */
export function createSweepTimer(deps: SweepTimerDeps) {
  const { scheduler, database } = deps;
  let current = 0;
  let plannedAt = Number.POSITIVE_INFINITY;
  /** Minutes that must not be jumped over. */
  let alert = 0;
  let gap = minute;
  let restful = 0;
  let overdueMs = 0;

  const nextMinute = (time: number) => Math.floor(time / minute) * minute + minute;

  const earliestDue = (): number => {
    let earliest = Number.POSITIVE_INFINITY;
    for (const name of ['events', 'deliveries']) {
      const index = database.tables.get(`${tablePrefix}${name}`)?.indexes.get('due');
      for (const item of index?.truth() ?? []) {
        earliest = Math.min(earliest, Date.parse(item['due_at']?.S ?? ''));
      }
    }
    return earliest;
  };

  const plan = (at: number) => {
    current += 1;
    const token = current;
    plannedAt = at;
    scheduler.at(at, () => {
      if (token === current) tick();
    });
  };

  const tick = () => {
    const now = scheduler.now();
    if (now > deps.overdueFrom) overdueMs = Math.max(overdueMs, now - earliestDue());
    const pause = deps.pauses.find(([from, until]) => now >= from && now < until);
    if (pause) {
      plan(nextMinute(pause[1]));
      return;
    }
    const earliest = earliestDue();
    const atRest = deps.quiet() && earliest === Number.POSITIVE_INFINITY && alert === 0;
    restful = atRest ? restful + 1 : 0;
    if (restful > 2) {
      deps.settle();
      return;
    }
    alert = Math.max(0, alert - 1);
    gap = alert > 0 ? minute : Math.min(gap * 2, longestGap);
    plannedAt = Number.POSITIVE_INFINITY;
    deps.sweep(() => {
      gap = Math.min(gap, atRest ? longestGap : 60 * minute);
      due(earliestDue());
    });
    // The schedule does not wait for a sweep that hangs.
    plan(Math.min(nextMinute(now + gap), nextMinute(Math.max(earliest, now))));
  };

  /** The minute after something becomes due must not be jumped over, whoever has put the mark there. */
  const due = (atMs: number) => {
    const next = nextMinute(Math.max(atMs, scheduler.now()));
    if (next < plannedAt) plan(next);
  };

  return {
    overdueMs: () => overdueMs,
    due,
    start: () => plan(nextMinute(scheduler.now())),
    /** Something has changed: look every minute for a while. */
    wake: (minutes = 1) => {
      alert = Math.max(alert, minutes);
      gap = minute;
      due(scheduler.now());
    },
  };
}
