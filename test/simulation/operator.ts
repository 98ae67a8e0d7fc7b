import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { deadDeliveries, frozenSince, oweAgain, oweAlso } from '../../lib/flow/deliver/owe-again.ts';
import { askForRematch } from '../../lib/flow/freeze/ask-for-rematch.ts';
import { rebuildIncident } from '../../lib/flow/freeze/rebuild-incident.ts';
import type { Clock } from '../../lib/ports.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { loggedIncidents } from '../../lib/store/events/list.ts';
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
  rematches: Rematches;
}

/** Requests for a new match by incident, in the order they were begun. */
export type Rematches = Map<string, Rematch[]>;

export interface Rematch {
  begunAt: number;
  /** It was heard that the request stands. */
  done: boolean;
}

/** Carries it out as a person would: again a few minutes later if it failed or was killed, mostly. */
export function intervene(world: World, intervention: Intervention, done: () => void): void {
  const { platform, around, scheduler, deployments } = world;
  const process = platform.spawn('cli');
  let over = false;
  const end = (worked: boolean) => {
    if (over) return;
    over = true;
    const insists = intervention.kind === 'rebuild' && intervention.lost !== undefined;
    // Some never come back to what was cut short.
    if (worked || (!insists && around.dice.chance(0.2))) {
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
  const means: Means = {
    ...deps,
    token: () => around.dice.id(12),
    rematches: world.rematches,
    worldNow: scheduler.now,
  };
  carryOut(intervention, means, (outcome) =>
    bump(around.tally.counts, `${intervention.kind}: ${outcome}`),
  ).then(
    () => {
      if (process.alive()) end(true);
    },
    () => {
      if (process.alive()) end(false);
    },
  );
}

interface Means {
  store: Store;
  clock: Clock;
  config: BridgeConfig;
  token(): string;
  rematches: Rematches;
  /** The world's time; the person's own clock may be off. */
  worldNow(): number;
}

async function carryOut(
  intervention: Intervention,
  { token, rematches, worldNow, ...deps }: Means,
  count: (outcome: string) => void,
): Promise<void> {
  const { store, clock, config } = deps;
  switch (intervention.kind) {
    case 'redrive':
      for (const key of await deadDeliveries(store, { destination: intervention.destination })) {
        count(await oweAgain(deps, key));
      }
      return;
    case 'backfill':
      for (const key of await frozenSince(store, new Date(startMs).toISOString())) {
        count(await oweAlso(deps, { ...key, destination: intervention.destination }));
      }
      return;
    case 'rematch': {
      const { incidentId } = intervention;
      const rematch: Rematch = { begunAt: worldNow(), done: false };
      rematches.set(incidentId, [...(rematches.get(incidentId) ?? []), rematch]);
      const asked = await askForRematch(store, incidentId, clock.now());
      rematch.done = asked;
      count(asked ? 'asked' : 'no such incident');
      return;
    }
    case 'rebuild':
      for (const incidentId of await loggedIncidents(store)) {
        const { outcome } = await rebuildIncident(store, config, incidentId, token(), clock.now());
        count(outcome);
        if (outcome === 'busy' && incidentId === intervention.lost) throw new Error('try again later');
      }
  }
}
