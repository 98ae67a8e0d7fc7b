import { createForward } from '../../lib/flow/forward/forward-events.ts';
import { createSweep } from '../../lib/flow/sweep/sweep.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { type Death, deaths, dyingWorker } from '../flow/deliver/dying-worker.ts';
import { fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import { startUnrulyReceiver, status, type UnrulyReceiver } from '../flow/deliver/unruly-receiver.ts';
import type { TestBridge } from '../support/bridge.ts';
import { stride } from '../support/often.ts';

let calm: UnrulyReceiver;
let unruly: UnrulyReceiver;
let datadog: UnrulyReceiver;

beforeAll(async () => {
  [calm, unruly, datadog] = await Promise.all([
    startUnrulyReceiver(),
    startUnrulyReceiver(),
    startUnrulyReceiver(),
  ]);
});
afterAll(() => Promise.all([calm.close(), unruly.close(), datadog.close()]));

/** Every few calls one meets its fate; with DYING_WORKER=thorough each call meets all of them, which takes minutes. */
const thorough = process.env['DYING_WORKER'] === 'thorough';
const events = thorough ? 3 : 2;
const ids = Array.from({ length: events }, (_, index) => `Q1-${index + 1}`);
const invocationMs = 60_000;

interface World {
  fixture: Fixture;
  bridge: TestBridge;
  watch: { found: string[] };
}

async function newWorld(): Promise<World> {
  for (const receiver of [calm, unruly, datadog]) receiver.arrivals.length = 0;
  const fixture = await createFixture();
  const watch = watchInvariants(fixture);
  const bridge = fixture.bridge([
    hook('calm', calm),
    hook('unruly', unruly),
    { name: 'dd', type: 'datadog', base_url: datadog.url, api_key: 'env:DD', timeout_seconds: 0.5 },
  ]);
  return { fixture, bridge, watch };
}

const records = ({ fixture }: World) =>
  fixture.rows('events').map((row, index) => ({
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(index),
      Keys: { incident_id: { S: String(row['incident_id']) }, log_key: { S: String(row['log_key']) } },
    },
  }));

/** What the worker that dies is about to do, and what has happened before. */
const stories: Record<string, { before(world: World): Promise<void>; act: 'forward' | 'sweep' }> = {
  'forward, the first time': {
    before: async ({ bridge }) => {
      for (const body of fiveEvents('Q1').slice(0, events)) await bridge.send(body);
      unruly.next(status(500));
    },
    act: 'forward',
  },
  'sweep, in place of a stream that lost everything': {
    before: async ({ bridge, fixture }) => {
      for (const body of fiveEvents('Q1').slice(0, events)) await bridge.send(body);
      fixture.clock.advance(minutes(1));
    },
    act: 'sweep',
  },
  'sweep, with retries due and others waiting behind them': {
    before: async ({ bridge, fixture }) => {
      unruly.next(status(500));
      datadog.next(status(500));
      for (const body of fiveEvents('Q1').slice(0, events)) await bridge.deliver(body);
      fixture.clock.advance(minutes(2));
    },
    act: 'sweep',
  },
};

/** Runs the story with a worker that meets its fate at call n; the number of calls it made. */
async function play(story: keyof typeof stories, death: Death, atCall: number): Promise<[World, number]> {
  const told = stories[story];
  if (!told) throw new Error(story);
  const world = await newWorld();
  const { fixture, bridge } = world;
  await told.before(world);
  const worker = dyingWorker({ ...bridge.deps }, death, atCall);
  const deps = { ...worker.deps, matcher: createMatcher(worker.deps.store) };
  const work =
    told.act === 'forward'
      ? createForward(deps)({ Records: records(world) }, invocationMs)
      : createSweep(deps)(invocationMs);
  const ended = work.catch(() => undefined);
  await Promise.race([ended, worker.died]);
  // Its events are due by then, and its claims still stand.
  fixture.clock.advance(31_000);
  await bridge.sweep();
  const finish = () =>
    letTimePass(bridge, fixture.clock, {
      total: 3 * hour,
      step: minutes(1),
      enough: () => leftovers(fixture).length === 0,
    });
  if (death === 'fault' || death === 'answer_lost') {
    // A call to a receiver without an answer would take its whole timeout; the process ends then.
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 300))]);
  }
  await finish();
  if (death === 'asleep') {
    worker.wake();
    await ended;
    await finish();
  }
  return [world, worker.calls()];
}

function mistakes({ fixture, watch }: World): string[] {
  const found: string[] = [...watch.found, ...leftovers(fixture)];
  for (const [name, receiver] of Object.entries({ calm, unruly })) {
    const got = receiver.firstReceipts();
    if (got.join() !== ids.join()) found.push(`${name} got first ${got}`);
    const bodies = new Set(receiver.arrivals.map(({ headers, body }) => `${headers['webhook-id']} ${body}`));
    if (bodies.size !== events) found.push(`${name} got ${bodies.size} different bodies`);
    const failed = fixture.deliveries(name).filter((row) => row['status'] !== 'delivered');
    for (const row of failed) found.push(`${name} ${row['delivery_id']} is ${row['status']}`);
  }
  const pictures = datadog.arrivals.filter(({ accepted }) => accepted).map(({ body }) => JSON.parse(body));
  const identities = new Set(
    pictures.map(({ data: { attributes } }) => JSON.stringify([attributes.started_at, attributes.services])),
  );
  if (identities.size !== 1) found.push(`Datadog was told of ${identities.size} failures`);
  return found;
}

describe('a worker to which something happens at any of its calls', () => {
  it.each(Object.keys(stories).map((story, index) => [story, index + 1] as const))(
    'loses, forgets, reorders and leaves over nothing: %s',
    async (story, first) => {
      const found: string[] = [];
      for (let atCall = first, over = false; !over; atCall += stride) {
        const fates = thorough ? deaths : [deaths[atCall % deaths.length] as Death];
        for (const fate of fates) {
          const [world, made] = await play(story, fate, atCall);
          over = made < atCall;
          for (const mistake of mistakes(world)) found.push(`${fate} at call ${atCall}: ${mistake}`);
        }
        expect(atCall).toBeLessThan(400);
      }
      expect(found).toEqual([]);
    },
    thorough ? 600_000 : 60_000,
  );
});
