import { applyPush, planPush } from '../../lib/store/catalog/push.ts';
import { type Surroundings, storeOf } from './application.ts';
import { type CatalogPush, toEntries } from './catalog-plan.ts';
import type { Platform } from './platform.ts';
import type { Scheduler } from './scheduler.ts';
import { bump } from './tally.ts';

const minute = 60_000;

/**
 * `pdbridge catalog push` as a person or a pipeline runs it: again a few minutes later if it failed or was
 * killed in the middle, until it has worked.
 */
export function runCatalogPush(
  world: { platform: Platform; around: Surroundings; scheduler: Scheduler },
  push: CatalogPush,
  done: () => void,
): void {
  const { platform, around, scheduler } = world;
  const process = platform.spawn('cli');
  let over = false;
  const end = (worked: boolean) => {
    if (over) return;
    over = true;
    if (worked) {
      done();
      return;
    }
    bump(around.tally.counts, 'catalog pushes repeated');
    scheduler.after(around.dice.spread(5_000, 10 * minute), () => runCatalogPush(world, push, done));
  };
  process.onCrash(() => end(false));
  const store = storeOf(process, around);
  const random = { token: () => around.dice.id(12), unit: () => around.dice.unit() };
  const clock = { now: process.now, sleep: process.sleep };
  planPush(store, { source: 'default', entries: toEntries(push.definitions) })
    .then((plan) => applyPush({ store, clock, random }, plan))
    .then(
      () => {
        if (process.alive()) end(true);
      },
      () => {
        if (process.alive()) end(false);
      },
    );
}
