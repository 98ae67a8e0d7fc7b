import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { markEventDue, readLog } from '../../../lib/store/events/events.ts';
import { requestRematch } from '../../../lib/store/incidents/incidents.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, noted, page, threeEvents, told } from './fixture.ts';

/**
 * Whatever a worker does is a chain of calls to the database. Here it is cut at them, one each time, and
 * whoever comes after must bring everything to the same end.
 */
interface Cut {
  /** Whether the call that fails was carried out all the same. */
  applied: boolean;
  /** Whether every later call fails too. */
  forGood: boolean;
  /** Cut where a change is written only; elsewhere it would make no difference. */
  writesOnly: boolean;
}

const cuts: Record<string, Cut> = {
  dies: { applied: false, forGood: true, writesOnly: true },
  'gets no connection': { applied: false, forGood: false, writesOnly: false },
  'loses an answer': { applied: true, forGood: false, writesOnly: true },
};

/** One call of so many is cut, in each story from another one on; `npm run test:campaigns` cuts every single one. */
const every = process.env['EVERY_CUT'] ? 1 : 6;

interface Story {
  config?: Parameters<Fixture['bridge']>[0];
  /** What has happened before, with a bridge in good health. */
  before(fixture: Fixture, bridge: TestBridge): Promise<void>;
  /** What is cut. */
  work(bridge: TestBridge, fixture: Fixture): Promise<void>;
}

const two = (fixture: Fixture) => ({
  destinations: ['one', 'two'].map((name) => ({
    name,
    type: 'webhook' as const,
    url: fixture.receiver.url,
    secret: 'env:HOOK',
  })),
});
const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });
const search = service('search', { team: 'discovery', pagerduty: page('PSEARCH') });
const three = threeEvents('Q1', at('PCHECK'));

async function wakeAll(bridge: TestBridge, { store }: Fixture): Promise<void> {
  for (const { logKey, dueAt } of await readLog(store, 'Q1')) if (dueAt) await bridge.wake('Q1', logKey);
}

async function send(bridge: TestBridge, bodies: typeof three): Promise<void> {
  for (const body of bodies) expect((await bridge.send(body)).status).toBe(202);
}

const stories: Record<string, Story> = {
  'three events at once': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      await send(bridge, three);
    },
    work: wakeAll,
  },
  'two more events of an incident that is known': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
      await send(bridge, three.slice(1));
    },
    work: wakeAll,
  },
  'an incident that is held': {
    before: (_, bridge) => send(bridge, three),
    work: wakeAll,
  },
  'an incident that is set free': {
    before: async (fixture, bridge) => {
      for (const body of three) await bridge.deliver(body);
      await fixture.push(checkout);
    },
    work: (bridge) => bridge.sweep(),
  },
  'an event that comes late': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      for (const body of three.filter((_, index) => index !== 1)) await bridge.deliver(body);
      await send(bridge, three);
    },
    work: wakeAll,
  },
  'a note that has waited for its incident': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      await bridge.deliver(noted('Q1', 1));
      await send(bridge, [told('Q1', 'incident.acknowledged', 3, { service: at('PCHECK') })]);
    },
    work: wakeAll,
  },
  'an incident that is moved on from an unmapped service': {
    before: async (fixture, bridge) => {
      await fixture.push(search);
      await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCATCH') }));
      await send(bridge, [told('Q1', 'incident.service_updated', 5, { service: at('PSEARCH') })]);
    },
    work: wakeAll,
  },
  'an incident that is dropped': {
    config: { unmatched: 'drop' },
    before: (_, bridge) => send(bridge, three),
    work: wakeAll,
  },
  'an incident that is passed through': {
    config: { unmatched: 'passthrough' },
    before: (_, bridge) => send(bridge, three),
    work: wakeAll,
  },
  'a new match asked for by a person': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      for (const body of three) await bridge.deliver(body);
      await fixture.push({ ...checkout, team: 'platform' });
      await requestRematch(fixture.store, 'Q1');
      const last = (await readLog(fixture.store, 'Q1')).at(-1);
      await markEventDue(fixture.store, { incidentId: 'Q1', logKey: last?.logKey ?? '' }, 0);
    },
    work: (bridge) => bridge.sweep(),
  },
  'a destination that fails at first': {
    before: async (fixture, bridge) => {
      await fixture.push(checkout);
      fixture.receiver.answerWith(503, 503);
      await send(bridge, three);
    },
    work: wakeAll,
  },
};

/** Counts the calls, and cuts one. */
function cut(db: Store['db'], which: number, { applied, forGood, writesOnly }: Cut) {
  const counter = { calls: 0 };
  const send: Store['db']['send'] = async (command) => {
    if (counter.calls >= which && forGood) throw new Error('the process is gone');
    if (!writesOnly || /^(Put|Update|Delete|BatchWrite)/.test(command.constructor.name)) counter.calls += 1;
    else return db.send(command);
    const here = counter.calls === which;
    if (here && !applied) throw new Error('no connection');
    const answer = await db.send(command);
    if (here) throw new Error('the answer is lost');
    return answer;
  };
  return { db: { send }, counter };
}

interface End {
  incident: Row;
  outgoing: Row[];
  deliveries: Row[];
}

/** A dead worker's lease is left behind; which subscription brought an event is noted once, by whoever froze it. */
const workings = [
  'epoch',
  'wakes',
  'woken',
  'lease_owner',
  'lease_until',
  'expires_at',
  'held_judged_by',
  'subscription_ids',
];

/** What must be the same whatever happened on the way. */
async function end(fixture: Fixture): Promise<End> {
  const [incident, outgoing, deliveries] = await Promise.all([
    fixture.row('Q1'),
    fixture.rowsOf('outgoing', 'Q1'),
    fixture.rowsOf('deliveries', 'Q1'),
  ]);
  const matches = (incident['matches'] as Row[])
    .map(({ matched_at, ...match }) => match)
    .sort((a, b) => (String(a['stay']) < String(b['stay']) ? -1 : 1));
  const without = (row: Row, ...names: string[]) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  return {
    incident: { ...without(incident, ...workings), matches },
    outgoing: outgoing.map((row) => without(row, 'frozen_at', 'received_at', 'expires_at')),
    deliveries: deliveries.map((row) => {
      const { incident_id, delivery_id, event_id, status, reason } = row;
      return { incident_id, delivery_id, event_id, status, reason };
    }),
  };
}

async function play(story: Story, which: number, how: Cut) {
  const fixture = createFixture();
  const config = { ...two(fixture), ...story.config };
  const healthy = fixture.bridge(config);
  await story.before(fixture, healthy);
  const { db, counter } = cut(fixture.store.db, which, how);
  await story.work(fixture.bridge(config, db), fixture).catch(() => {});
  for (let round = 0; round < 20; round++) {
    fixture.clock.advance(90_000);
    await healthy.sweep();
    if (!(await anythingDue(fixture))) break;
  }
  return { fixture, calls: counter.calls, end: await end(fixture) };
}

async function anythingDue({ rowsOf }: Fixture): Promise<boolean> {
  const rows = [...(await rowsOf('events', 'Q1')), ...(await rowsOf('deliveries', 'Q1'))];
  return rows.some((row) => row['due_at']);
}

async function expectNothingOwed(fixture: Fixture): Promise<void> {
  expect(await anythingDue(fixture)).toBe(false);
  const deliveries = await fixture.rowsOf('deliveries', 'Q1');
  expect(deliveries.filter((row) => row['status'] === 'pending')).toEqual([]);
  const { lease_until } = await fixture.row('Q1');
  expect(String(lease_until ?? '') < new Date(fixture.clock.now()).toISOString()).toBe(true);
}

function expectEachToHaveArrived({ outgoing, deliveries }: End, fixture: Fixture): void {
  const bodies = new Map<string, Set<string>>();
  for (const { body, json } of fixture.receiver.received) {
    bodies.set(json.id, (bodies.get(json.id) ?? new Set()).add(body));
  }
  const delivered = deliveries.filter(({ status }) => status === 'delivered').map((row) => row['event_id']);
  for (const id of delivered) expect(bodies.get(String(id))?.size).toBe(1);
  expect(outgoing.map((row) => row['sequence'])).toEqual(outgoing.map((_, index) => index + 1));
}

const tales = Object.entries(stories).map(([name, story], first) => [name, story, first] as const);

describe.each(tales)('%s', (_, story, first) => {
  it.each(Object.entries(cuts))(
    'comes to the same end when the worker %s, wherever that happens',
    async (_name, how) => {
      const calm = await play(story, Number.POSITIVE_INFINITY, how);
      expect(calm.calls).toBeGreaterThan(3);
      await expectNothingOwed(calm.fixture);
      expectEachToHaveArrived(calm.end, calm.fixture);
      for (let which = 1 + (first % every); which <= calm.calls; which += every) {
        const cutShort = await play(story, which, how);
        try {
          expect(cutShort.end).toEqual(calm.end);
          await expectNothingOwed(cutShort.fixture);
          expectEachToHaveArrived(cutShort.end, cutShort.fixture);
        } catch (error) {
          throw new Error(`cut at call ${which} of ${calm.calls}: ${(error as Error).message}`, {
            cause: error,
          });
        }
      }
    },
    60_000,
  );
});

describe('an incident that is set free before its holder has taken the marks off', () => {
  it('is not forgotten when the one who set it free dies right after', async () => {
    const fixture = createFixture();
    const healthy = fixture.bridge();
    await send(healthy, three);
    const [first] = await readLog(fixture.store, 'Q1');
    let held = false;
    let meanwhile = false;
    let freed = false;
    const releasing = fixture.bridge(
      {},
      {
        send: async (command) => {
          if (freed) throw new Error('the process is gone');
          const answer = await fixture.store.db.send(command);
          if (isCommit(command)) freed = true;
          return answer;
        },
      },
    );
    const holding = fixture.bridge(
      {},
      {
        send: async (command) => {
          // Its row says that it is held; next it would take the due marks off.
          if (
            held &&
            !meanwhile &&
            command.input.TableName === 'test-events' &&
            command.input.UpdateExpression
          ) {
            meanwhile = true;
            await fixture.push(checkout);
            await releasing.sweep();
            expect(await fixture.row('Q1')).not.toHaveProperty('held_reason');
            expect(fixture.arrived()).toEqual([]);
          }
          const answer = await fixture.store.db.send(command);
          if (isCommit(command)) held = true;
          return answer;
        },
      },
    );
    await holding.wake('Q1', first?.logKey ?? '');
    expect([held, freed]).toEqual([true, true]);
    for (let round = 0; round < 4; round++) {
      fixture.clock.advance(90_000);
      await healthy.sweep();
    }
    expect(fixture.arrived('Q1').map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled' });
  });
});

function isCommit({ input }: { input: { TableName?: string; UpdateExpression?: string } }): boolean {
  return input.TableName === 'test-incidents' && /#forwarding = /.test(input.UpdateExpression ?? '');
}
