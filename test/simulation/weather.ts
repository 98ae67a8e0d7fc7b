import { type Call, createAmbush, type Worker } from './ambush.ts';
import type { Dice } from './dice.ts';
import { type Circumstance, type FaultKind, isFault } from './fault-kinds.ts';
import type { Scheduler } from './scheduler.ts';
import { bump, pair, type Tally } from './tally.ts';

/**
 * One await to strike on purpose, where chance alone would take too long to get there: with a fault once, with a
 * circumstance every time it is come by.
 */
export interface Aim {
  label: string;
  fault: FaultKind | Circumstance;
  /**
   * Which time the await is come by, from 1. The seed then goes as it does unaimed up to there. Without it chance
   * decides, in a world that is drawn rougher for the purpose.
   */
  occurrence?: number;
}

/** How bad things are, drawn from the seed. */
export interface Climate {
  /** Chance of a fault at any one await while the storm lasts; in the scene of an ambush it is higher. */
  faultRate: number;
  /** Kinds that occur in this run; a run with few kinds digs deeper into them. */
  kinds: readonly FaultKind[];
  /** After this there are no more injected faults. */
  calmFrom: number;
  /** What is late comes in the midst of what others do. */
  ambushes: boolean;
  /** Whole-database outages as [from, until]. */
  outages: readonly [number, number][];
}

/** Chance of a fault at one await just after somebody has come back in the midst of it. */
const ambushRate = 0.08;

/** Decides about every await whether something happens to it. */
export interface Weather {
  strike(worker: Worker, call: Call, applicable: readonly FaultKind[]): FaultKind | undefined;
  /** Runs what a worker is late with, when it comes at last. */
  late(worker: Worker, call: Call, run: () => void): void;
  stormy(): boolean;
  faults(): number;
  /** How often each await was come by while the storm lasted. */
  occurrences(): Record<string, number>;
}

export function createWeather(
  dice: Dice,
  climate: Climate,
  scheduler: Scheduler,
  tally: Tally,
  aim: Aim | undefined,
): Weather {
  const { now } = scheduler;
  const ambush = climate.ambushes ? createAmbush(dice.fork('ambush'), scheduler) : undefined;
  let faults = 0;
  let aimAt = aim ? (aim.occurrence ?? dice.spread(1, 25)) : 0;
  const occurrences: Record<string, number> = {};
  const record = (label: string, fault: FaultKind) => {
    faults += 1;
    bump(tally.faults, pair(label, fault));
    return fault;
  };
  return {
    strike: (worker, call, applicable) => {
      const { role } = worker;
      const { label, kind } = call;
      bump(tally.awaits, label);
      tally.kinds[label] = kind;
      const time = now();
      if (time >= climate.calmFrom) return undefined;
      bump(occurrences, label);
      if (role !== 'receive') ambush?.passed(worker, call);
      if (aim && label === aim.label && isFault(aim.fault)) {
        aimAt -= 1;
        if (aimAt === 0) return record(label, aim.fault);
      }
      if (applicable.includes('throttle') && role !== 'cli') {
        for (const [from, until] of climate.outages) {
          if (time >= from && time < until)
            return record(label, dice.chance(0.5) ? 'throttle' : 'error_before');
        }
      }
      const rate =
        ambush?.sprung() && role !== 'receive' ? Math.max(climate.faultRate, ambushRate) : climate.faultRate;
      if (!dice.chance(rate)) return undefined;
      const fault = dice.pick(climate.kinds);
      return applicable.includes(fault) ? record(label, fault) : undefined;
    },
    late: (worker, call, run) => {
      const ms = dice.chance(0.3) ? dice.spread(1_000, 30_000) : dice.spread(31_000, 1_800_000);
      if (ambush && worker.role !== 'receive') ambush.lay(worker, call, ms, run);
      else scheduler.after(ms, run);
    },
    stormy: () => now() < climate.calmFrom,
    faults: () => faults,
    occurrences: () => occurrences,
  };
}
