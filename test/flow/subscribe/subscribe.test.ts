import type { SubscribeFault, Wish } from '../../../lib/flow/subscribe/deps.ts';
import { look } from '../../../lib/flow/subscribe/look.ts';
import { planOf } from '../../../lib/flow/subscribe/plan.ts';
import { subscribe } from '../../../lib/flow/subscribe/subscribe.ts';
import type { StandInSubscription } from '../../support/pagerduty/account.ts';
import { atWork, foreign, handMade, handMadeSecret, plainWish, type World, worldWith } from './fixture.ts';

/** What was done, in short, after what was to be done. */
async function run(world: World, wish: Wish = plainWish()) {
  const { situation } = await look(world.deps, wish, { disproved: new Set(), rotated: false });
  const planned = planOf(situation).map(({ do: step }) => step);
  const steps: string[] = [];
  const outcome = await subscribe(world.deps, wish, (step) => {
    steps.push(
      'because' in step && typeof step.because === 'string' ? `${step.do}: ${step.because}` : step.do,
    );
  });
  return { steps, planned, outcome };
}

/** Changes of the account and of the store that a run makes. */
function countWrites(world: World) {
  let stores = 0;
  const { write } = world.deps.secrets;
  world.deps.secrets.write = async (all) => {
    stores += 1;
    await write(all);
  };
  const before = world.account.asked.length;
  return () => world.account.asked.slice(before).filter((each) => !each.startsWith('GET ')).length + stores;
}

const made = 'create: none';
const settledNew = ['change', 'prove', 'note'];
const other = { ...handMade, id: 'PFORM02', description: 'another' };

type Row = [
  what: string,
  before: StandInSubscription[],
  stored: string[],
  wish: Wish,
  steps: string[],
  /** That is at work in the end. */
  keeper: string,
];

const rows: Row[] = [
  ['none', [], [], plainWish(), [made, ...settledNew], 'PMADE01'],
  [
    'none, and a placeholder in the store',
    [],
    ['not-yet-known'],
    plainWish(),
    [made, ...settledNew],
    'PMADE01',
  ],
  ['one that was made by hand, all well', [handMade], [handMadeSecret], plainWish(), ['prove'], 'PFORM01'],
  [
    'one that is off',
    [{ ...handMade, active: false }],
    [handMadeSecret],
    plainWish(),
    ['change', 'prove'],
    'PFORM01',
  ],
  [
    'one that PagerDuty has disabled',
    [{ ...handMade, temporarilyDisabled: true }],
    [handMadeSecret],
    plainWish(),
    ['enable', 'prove'],
    'PFORM01',
  ],
  [
    'one that lacks events and has one nobody here knows',
    [{ ...handMade, events: ['incident.triggered', 'incident.new_thing'] }],
    [handMadeSecret],
    plainWish(),
    ['change', 'prove'],
    'PFORM01',
  ],
  [
    'one of a team only',
    [{ ...handMade, filter: { type: 'team_reference', id: 'PT' } }],
    [handMadeSecret],
    plainWish(),
    ['change', 'prove'],
    'PFORM01',
  ],
  [
    'one that shall be called otherwise',
    [handMade],
    [handMadeSecret],
    plainWish({}, { description: 'catalog bridge, prod' }),
    ['change', 'prove'],
    'PFORM01',
  ],
  [
    'one without a header that shall be sent',
    [handMade],
    [handMadeSecret],
    plainWish({}, { headers: ['dd_env'] }),
    ['prove', 'create: headers', 'change', 'prove', 'remove: replaced', 'note'],
    'PMADE01',
  ],
  [
    'one whose secret is another',
    [handMade],
    ['some-other-secret'],
    plainWish(),
    ['prove', 'create: secret', 'change', 'prove', 'remove: replaced', 'note'],
    'PMADE01',
  ],
  [
    'one that shall be replaced',
    [handMade],
    [handMadeSecret],
    plainWish({ rotate: true }),
    ['prove', 'create: asked', 'change', 'prove', 'remove: replaced', 'note'],
    'PMADE01',
  ],
  [
    'what a run that was killed has left',
    [{ ...handMade, active: false, description: 'catalog bridge (being set up)' }],
    [],
    plainWish(),
    ['remove: unfinished', made, ...settledNew],
    'PMADE01',
  ],
  [
    'two of ours, and only one shall stay',
    [handMade, other],
    [handMadeSecret],
    plainWish({ prune: true }),
    ['prove', 'remove: surplus'],
    'PFORM02',
  ],
  [
    'two of ours, the newer one off',
    [handMade, { ...other, active: false }],
    [handMadeSecret],
    plainWish({ prune: true }),
    ['prove', 'remove: surplus'],
    'PFORM01',
  ],
  [
    'two of ours, spelt otherwise',
    [{ ...handMade, url: 'https://BRIDGE.example.com:443/webhooks/pagerduty/' }, other],
    [handMadeSecret],
    plainWish({ prune: true }),
    ['prove', 'remove: surplus'],
    'PFORM02',
  ],
  [
    'one of another service, where one of this service is wanted',
    [{ ...handMade, filter: { type: 'service_reference', id: 'PB' } }],
    [handMadeSecret],
    plainWish({}, { filter: { type: 'service_reference', id: 'PA' } }),
    [made, ...settledNew],
    'PMADE01',
  ],
];

// PagerDuty gives 100 of them at once.
describe.each([0, 130])('with %i subscriptions of others', (others) => {
  it.each(rows)('%s', async (_what, before, stored, wish, steps, keeper) => {
    const strangers = Array.from({ length: others }, (_, number) => foreign(number));
    const world = worldWith({ subscriptions: [...strangers, ...before] }, stored);
    const ran = await run(world, wish);
    expect(ran.steps).toEqual(steps);
    expect(ran.outcome).toMatchObject({ do: 'nothing', keeper, surplus: [] });
    const [one, ...more] = atWork(world).filter(({ filter }) => filter.id === wish.wanted.filter.id);
    expect([one?.id, more]).toEqual([keeper, []]);
    expect(one?.events).toEqual(expect.arrayContaining([...wish.wanted.events]));
    expect(one?.events).toEqual(expect.arrayContaining(before.find(({ id }) => id === keeper)?.events ?? []));
    expect(one?.description).not.toContain('being set up');
    expect(one?.headers).toEqual(wish.headers);
    expect(world.stored).toContain(one?.secret);
    expect(one && (await world.takes(one))).toBe(true);
    expect(world.account.subscriptions.slice(0, others)).toEqual(strangers);
    // Nothing but what was foreseen, and the second time nothing at all.
    if (!_what.includes('secret is another'))
      expect(ran.steps.map((each) => each.split(':')[0])).toEqual(ran.planned);
    const writes = countWrites(world);
    const again = await run(world, { ...wish, asked: { ...wish.asked, rotate: false } });
    expect(again.steps).toEqual([]);
    expect(writes()).toBe(0);
  });
});

it('what somebody has added to one that is replaced goes on: events and description', async () => {
  const events = [...handMade.events, 'incident.new_thing'];
  const world = worldWith({ subscriptions: [{ ...handMade, events }] }, [handMadeSecret]);
  await run(world, plainWish({ rotate: true }));
  expect(atWork(world)).toMatchObject([{ id: 'PMADE01', description: 'by hand', events }]);
});

it('two of ours are named and left, unless it is said that one shall stay', async () => {
  const world = worldWith({ subscriptions: [handMade, other] }, [handMadeSecret]);
  expect((await run(world)).outcome).toMatchObject({ keeper: 'PFORM02', surplus: ['PFORM01'] });
  expect(world.account.subscriptions).toHaveLength(2);
});

it('an account that cannot make one that is off gets the same', async () => {
  const world = worldWith({ honoursInactive: false });
  expect((await run(world)).steps).toEqual([made, ...settledNew]);
  expect(atWork(world)).toHaveLength(1);
});

describe('a secret', () => {
  it('that is replaced is taken for two days more, and forgotten by the run after that', async () => {
    const world = worldWith();
    await run(world);
    const [first] = atWork(world);
    await run(world, plainWish({ rotate: true }));
    const [second] = atWork(world);
    expect(world.stored).toEqual([first?.secret, second?.secret]);
    expect(first && (await world.takes(first))).toBe(true);
    expect((await run(world)).steps).toEqual([]);
    world.pass(47 * 3_600_000);
    expect((await run(world)).outcome).toMatchObject({ forgetsAtMs: expect.any(Number) });
    world.pass(3_600_000);
    expect((await run(world)).steps).toEqual(['forget']);
    expect(world.stored).toEqual([second?.secret]);
    expect(first && (await world.takes(first))).toBe(false);
  });

  it('of which it is not known whose it is stays for ever', async () => {
    const world = worldWith({ subscriptions: [handMade] }, ['of-another-account', handMadeSecret]);
    await run(world, plainWish({ rotate: true }));
    world.pass(100 * 3_600_000);
    await run(world);
    expect(world.stored).toEqual(['of-another-account', handMadeSecret, atWork(world)[0]?.secret]);
  });

  it('that was made by hand is known by its ping, and forgotten like any other', async () => {
    const world = worldWith({ subscriptions: [handMade] }, [handMadeSecret]);
    await run(world);
    await run(world, plainWish({ rotate: true }));
    world.pass(49 * 3_600_000);
    await run(world);
    expect(world.stored).toEqual([atWork(world)[0]?.secret]);
  });

  it.each(['with,comma', ' with a blank before', undefined])(
    'that cannot be kept (%j) ends it, and what was made is removed',
    async (secret) => {
      const world = worldWith({ newSecret: () => secret as string });
      await expect(run(world)).rejects.toMatchObject({ code: 'store' });
      expect(world.account.subscriptions).toEqual([]);
    },
  );
});

describe('is not begun, or not gone on with,', () => {
  const refusing = async (world: World, wish = plainWish()): Promise<SubscribeFault> =>
    run(world, wish).then(
      () => Promise.reject(new Error('it was done')),
      (error: SubscribeFault) => error,
    );

  it('where the store cannot be written to', async () => {
    const world = worldWith();
    world.deps.secrets.proveWritable = () => Promise.reject(new Error('AccessDenied'));
    expect(await refusing(world)).toMatchObject({
      code: 'store',
      message: expect.stringContaining('AccessDenied'),
    });
    expect(world.account.subscriptions).toEqual([]);
  });

  it('where storing fails: what was made is removed', async () => {
    const world = worldWith();
    world.deps.secrets.write = () => Promise.reject(new Error('throttled'));
    expect(await refusing(world)).toMatchObject({ code: 'store' });
    expect(world.account.subscriptions).toEqual([]);
  });

  it('where the address leads elsewhere: nothing is asked of PagerDuty', async () => {
    const world = worldWith();
    world.deps.http = { send: async () => ({ status: 404, headers: {}, body: '' }) };
    const work = subscribe(world.deps, plainWish(), () => {});
    await expect(work).rejects.toMatchObject({ code: 'front_door' });
    expect(world.account.asked).toEqual([]);
  });

  it('where the bridge does not read the store: the old one stays at work', async () => {
    const world = worldWith({ subscriptions: [handMade], sendPing: () => {} }, [handMadeSecret]);
    expect(await refusing(world, plainWish({ rotate: true }))).toMatchObject({ code: 'not_proven' });
    expect(atWork(world).map(({ id }) => id)).toContain('PFORM01');
  });

  it.each([
    ['whose secret nobody here knows', ['some-other-secret'], plainWish()],
    ['that lacks another', [handMadeSecret], plainWish({}, { headers: ['dd_env'] })],
    ['that shall be rotated', [handMadeSecret], plainWish({ rotate: true })],
  ])('where one %s sends a header that a new one would not', async (_what, stored, wish) => {
    const headed = { ...handMade, headers: [{ name: 'X-Team', value: 'payments' }] };
    const world = worldWith({ subscriptions: [headed] }, stored);
    expect(await refusing(world, wish)).toMatchObject({
      code: 'headers',
      message: expect.stringContaining('X-Team'),
    });
    expect(atWork(world).map(({ id }) => id)).toEqual(['PFORM01']);
  });

  it('by a key that may only read, which is said', async () => {
    const world = worldWith({}, [], 'read-key');
    expect(await refusing(world)).toMatchObject({ code: 'forbidden' });
    expect(world.account.subscriptions).toEqual([]);
  });
});
