import { entryIdentity } from '../../lib/domain/catalog/entry.ts';
import { applyPush, planPush } from '../../lib/store/catalog/push.ts';
import type { PushRequest } from '../../lib/store/catalog/push-plan.ts';
import { type Surroundings, storeOf } from './application.ts';
import { type CatalogPush, otherSource, toEntries, toOtherEntries } from './catalog-plan.ts';
import type { Platform } from './platform.ts';
import type { Scheduler } from './scheduler.ts';
import { bump } from './tally.ts';

const minute = 60_000;

/** The push of the files, and that of another source where it has a part in what they define. */
async function makeBoth(
  { definitions, unread = [] }: CatalogPush,
  make: (request: PushRequest) => Promise<unknown>,
): Promise<void> {
  const faulty = (name: string) => unread.includes(name);
  await make({
    source: 'default',
    entries: toEntries(definitions.filter(({ name }) => !faulty(name))),
    unread: toEntries(definitions.filter(({ name }) => faulty(name)))
      .filter(({ type }) => type === 'service')
      .map((entry) => ({ file: 'catalog.yaml', identity: entryIdentity(entry) })),
  });
  const others = toOtherEntries(definitions);
  if (others.length > 0) await make({ source: otherSource, entries: others });
}

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
  const deps = { store, clock, random };
  const make = async (request: PushRequest) => applyPush(deps, await planPush(store, request));
  makeBoth(push, make).then(
    () => {
      if (process.alive()) end(true);
    },
    () => {
      if (process.alive()) end(false);
    },
  );
}
