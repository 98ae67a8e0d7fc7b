import type { SubscribeDeps, Wish } from '../../../lib/flow/subscribe/deps.ts';
import { subscribe } from '../../../lib/flow/subscribe/subscribe.ts';
import type { StandInSubscription } from '../../support/pagerduty/account.ts';
import { atWork, handMade, handMadeSecret, plainWish, type World, worldWith } from './fixture.ts';

/** The process dies at this call to the outside; whatever it has called out for before stays done. */
function dyingAt(
  deps: SubscribeDeps,
  at: number,
  when: 'before' | 'after',
): { deps: SubscribeDeps; calls(): number } {
  let calls = 0;
  const mortal = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls > at || (calls === at && when === 'before')) throw new Error('killed');
    const done = await work();
    if (calls === at) throw new Error('killed');
    return done;
  };
  const { api, secrets, store } = deps;
  const dying: SubscribeDeps = {
    ...deps,
    api: { ...api, call: (call) => mortal(() => api.call(call)) },
    secrets: {
      where: secrets.where,
      read: () => mortal(() => secrets.read()),
      proveWritable: () => mortal(() => secrets.proveWritable()),
      write: (all) => mortal(() => secrets.write(all)),
    },
    store: { ...store, db: { send: (command) => mortal(() => store.db.send(command)) } },
  };
  return { deps: dying, calls: () => calls };
}

const silently = () => {};
const two = [handMade, { ...handMade, id: 'PFORM02' }];

type Row = [what: string, before: StandInSubscription[], stored: string[], wish: Wish];
const rows: Row[] = [
  ['nothing is there', [], [], plainWish()],
  ['one is replaced', [handMade], [handMadeSecret], plainWish({ rotate: true })],
  ['the secret of the only one is lost', [handMade], ['another'], plainWish()],
  ['two are there', two, [handMadeSecret], plainWish({ prune: true })],
];

async function expectAllWell(world: World) {
  const [one, ...more] = atWork(world);
  expect([more.map(({ id }) => id), world.account.subscriptions.length]).toEqual([[], 1]);
  expect(world.stored).toContain(one?.secret);
  expect(one && (await world.takes(one))).toBe(true);
}

it.each(rows)(
  'killed at any call, before or after it is carried out, where %s, it goes on',
  async (_what, before, stored, wish) => {
    let killed = 0;
    for (let at = 1, whole = false; !whole; at++) {
      for (const when of ['before', 'after'] as const) {
        const world = worldWith({ subscriptions: before }, stored);
        const dying = dyingAt(world.deps, at, when);
        const ended = await subscribe(dying.deps, wish, silently).then(
          () => true,
          () => false,
        );
        whole = ended && dying.calls() < at;
        if (whole) break;
        killed += 1;
        // Whoever had a webhook taken before has it taken still.
        if (stored.includes(handMadeSecret)) {
          const served = await Promise.all(atWork(world).map((each) => world.takes(each)));
          expect([at, when, served.includes(true)]).toEqual([at, when, true]);
        }
        await subscribe(world.deps, wish, silently);
        await expectAllWell(world);
      }
    }
    expect(killed).toBeGreaterThan(20);
  },
);
