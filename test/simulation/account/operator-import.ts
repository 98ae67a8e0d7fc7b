import { type Connection, connectPagerDuty } from '../../../lib/adapters/pagerduty-api/connect.ts';
import { importHistory } from '../../../lib/flow/import/import-history.ts';
import { importIncident } from '../../../lib/flow/import/import-incident.ts';
import { connectionOf, type Surroundings, storeOf } from '../application.ts';
import type { Platform } from '../platform.ts';
import type { Scheduler } from '../scheduler.ts';
import { bump } from '../tally.ts';
import type { PlannedImport } from './account-plan.ts';

const minute = 60_000;

/** One that was begun, and when it was done, if it ever was. */
export interface CarriedOutImport {
  begunAt: number;
  sinceMs: number;
  doneAt?: number;
}

interface World {
  platform: Platform;
  around: Surroundings;
  scheduler: Scheduler;
}

/** `pdbridge import` as a person runs it: again a few minutes later if it failed or was killed, until it has worked. */
export function runImport(
  world: World,
  { sinceMs }: PlannedImport,
  carriedOut: CarriedOutImport[],
  done: () => void,
): void {
  const { platform, around, scheduler } = world;
  const mine: CarriedOutImport = { begunAt: scheduler.now(), sinceMs };
  carriedOut.push(mine);
  const attempt = () => {
    const process = platform.spawn('cli');
    let over = false;
    const end = (worked: boolean) => {
      if (over) return;
      over = true;
      if (worked) {
        mine.doneAt = scheduler.now();
        done();
        return;
      }
      bump(around.tally.counts, 'imports repeated');
      scheduler.after(around.dice.spread(5_000, 10 * minute), attempt);
    };
    process.onCrash(() => end(false));
    const connection: Connection = connectionOf(process, around);
    const { clock } = connection;
    const store = storeOf(process, around);
    const api = connectPagerDuty({ region: 'us', token: 'ssm:/bridge/account' }, connection);
    const deps = { api, store, clock };
    importHistory(
      { ...deps, importOne: (incident, untilMs) => importIncident(deps, incident, 'history', untilMs) },
      { sinceMs, services: [], pace: 50, keptEvery: 2 },
    ).then(
      () => {
        if (process.alive()) end(true);
      },
      () => {
        if (process.alive()) end(false);
      },
    );
  };
  attempt();
}
