import type { Dice } from './dice.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * Late things that come at the worst moment: whoever stood still goes on in the middle of what another worker does
 * meanwhile. Left to the clock alone that hardly ever happens, because work takes milliseconds and waiting minutes.
 */
export interface Ambush {
  /** Comes when others have passed by often enough, `atLatestMs` from now otherwise. */
  lay(worker: Worker, call: Call, atLatestMs: number, spring: () => void): void;
  /** A worker comes by an await. */
  passed(worker: Worker, call: Call): void;
  /** One has come just now: what others do next is worth striking. */
  sprung(): boolean;
}

/** What is known of an await. */
export interface Call {
  label: string;
  /** Key of `applicableFaults`. */
  kind: string;
  /** Which item it is about, as the trace shows it. */
  about?(): string;
}

/** One life of one process. */
export interface Worker {
  id: number;
  role: string;
  alive(): boolean;
}

interface Sleeper {
  worker: Worker;
  /** Only who works on the same incident counts; undefined: anybody. */
  incidentId: string | undefined;
  notBeforeMs: number;
  passersBy: number;
  spring: () => void;
}

/** What happens so soon after a comeback belongs to the same scene. */
const sceneMs = 2_000;

const incidentOf = ({ about }: Call): string | undefined =>
  /(?:incident_id|:id)=(\w+)/.exec(about?.() ?? '')?.[1];

export function createAmbush(dice: Dice, scheduler: Scheduler): Ambush {
  const sleepers = new Set<Sleeper>();
  let sceneEnds = 0;

  return {
    lay: (worker, call, atLatestMs, spring) => {
      let waiting = true;
      const sleeper: Sleeper = {
        worker,
        incidentId: incidentOf(call),
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
    passed: (worker, call) => {
      for (const sleeper of sleepers) {
        if (!sleeper.worker.alive()) {
          sleepers.delete(sleeper);
          continue;
        }
        if (sleeper.worker.id === worker.id || scheduler.now() < sleeper.notBeforeMs) continue;
        if (sleeper.incidentId !== undefined && sleeper.incidentId !== incidentOf(call)) continue;
        sleeper.passersBy -= 1;
        if (sleeper.passersBy > 0) continue;
        sleepers.delete(sleeper);
        sceneEnds = scheduler.now() + sceneMs;
        scheduler.after(dice.between(0, 3), sleeper.spring);
      }
    },
    sprung: () => scheduler.now() < sceneEnds,
  };
}
