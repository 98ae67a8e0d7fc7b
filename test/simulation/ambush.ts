import type { Dice } from './dice.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * Late things that come at the worst moment: whoever stood still goes on in the middle of what another worker does
 * meanwhile. Left to the clock alone that hardly ever happens, because work takes milliseconds and waiting minutes.
 */
export interface Ambush {
  /** Comes when others have passed by often enough, `atLatestMs` from now otherwise. */
  lay(worker: number, atLatestMs: number, spring: () => void): void;
  /** A worker comes by an await. */
  passed(worker: number): void;
  /** One has come just now: what others do next is worth striking. */
  sprung(): boolean;
}

interface Sleeper {
  worker: number;
  notBeforeMs: number;
  passersBy: number;
  spring: () => void;
}

/** So many awaits after a comeback belong to the same scene. */
const sceneLength = 30;

export function createAmbush(dice: Dice, scheduler: Scheduler): Ambush {
  const sleepers = new Set<Sleeper>();
  let scene = 0;

  return {
    lay: (worker, atLatestMs, spring) => {
      let waiting = true;
      const sleeper: Sleeper = {
        worker,
        // Often just after leases and claims have run out, when somebody else takes over.
        notBeforeMs:
          scheduler.now() + (dice.chance(0.3) ? dice.spread(10, 30_000) : dice.spread(30_000, 300_000)),
        passersBy: dice.spread(1, 60),
        spring: () => {
          sleepers.delete(sleeper);
          if (waiting) spring();
          waiting = false;
        },
      };
      sleepers.add(sleeper);
      scheduler.after(atLatestMs, sleeper.spring);
    },
    passed: (worker) => {
      scene = Math.max(0, scene - 1);
      for (const sleeper of sleepers) {
        if (sleeper.worker === worker || scheduler.now() < sleeper.notBeforeMs) continue;
        sleeper.passersBy -= 1;
        if (sleeper.passersBy > 0) continue;
        sleepers.delete(sleeper);
        scene = sceneLength;
        scheduler.after(dice.between(0, 3), sleeper.spring);
      }
    },
    sprung: () => scene > 0,
  };
}
