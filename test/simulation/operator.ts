import { deadDeliveries, frozenSince, oweAgain, oweAlso } from '../../lib/deliver/owe-again.ts';
import { type Surroundings, storeOf } from './application.ts';
import type { Intervention } from './operator-plan.ts';
import type { Platform } from './platform.ts';
import { type Deployment, minute, startMs } from './scenario.ts';
import type { Scheduler } from './scheduler.ts';
import { bump } from './tally.ts';

interface World {
  platform: Platform;
  around: Surroundings;
  scheduler: Scheduler;
  deployments: readonly Deployment[];
}

/** Carries it out as a person would: again a few minutes later if it failed or was killed, mostly. */
export function intervene(world: World, intervention: Intervention, done: () => void): void {
  const { platform, around, scheduler, deployments } = world;
  const process = platform.spawn('cli');
  let over = false;
  const end = (worked: boolean) => {
    if (over) return;
    over = true;
    // Some never come back to what was cut short.
    if (worked || around.dice.chance(0.2)) {
      done();
      return;
    }
    bump(around.tally.counts, 'interventions repeated');
    scheduler.after(around.dice.spread(5_000, 10 * minute), () => intervene(world, intervention, done));
  };
  process.onCrash(() => end(false));
  const config = deployments.findLast(({ at }) => at <= scheduler.now())?.config ?? deployments[0]?.config;
  if (!config) throw new Error('a scenario has at least one deployment');
  const deps = { store: storeOf(process, around), clock: process, config };
  const { kind, destination } = intervention;
  const count = (outcome: string) => bump(around.tally.counts, `${kind}: ${outcome}`);
  const work = async () => {
    if (kind === 'redrive') {
      for (const key of await deadDeliveries(deps.store, { destination })) count(await oweAgain(deps, key));
      return;
    }
    for (const key of await frozenSince(deps.store, new Date(startMs).toISOString())) {
      count(await oweAlso(deps, { ...key, destination }));
    }
  };
  work().then(
    () => {
      if (process.alive()) end(true);
    },
    () => {
      if (process.alive()) end(false);
    },
  );
}
