import type { DestinationConfig } from '../../lib/adapters/destinations/destination-config.ts';
import { backfillDelivery } from '../../lib/store/deliveries/new-deliveries.ts';
import { markOwing } from '../../lib/store/incidents/incidents.ts';
import { keepOutgoing, readOutgoing } from '../../lib/store/outgoing/outgoing.ts';
import { eventIds, fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import {
  resetUnread,
  startUnrulyReceiver,
  status,
  type UnrulyReceiver,
} from '../flow/deliver/unruly-receiver.ts';
import type { TestBridge } from '../support/bridge.ts';

let first: UnrulyReceiver;
let second: UnrulyReceiver;
let fixture: Fixture;
let watch: { found: string[] };

beforeEach(async () => {
  [first, second, fixture] = await Promise.all([
    startUnrulyReceiver(),
    startUnrulyReceiver(),
    createFixture(),
  ]);
  watch = watchInvariants(fixture);
});
afterEach(async () => {
  expect(watch.found).toEqual([]);
  await Promise.all([first.close(), second.close()]);
});

const nothingLeft = () => leftovers(fixture).length === 0;
const settled = (bridge: TestBridge) =>
  letTimePass(bridge, fixture.clock, { total: 3 * hour, step: minutes(2), enough: nothingLeft });
const bodies = fiveEvents('Q1');
const outcomes = (destination: string) =>
  fixture.deliveries(destination).map((row) => [row['sequence'], row['status'], row['reason']]);

async function play(bridge: TestBridge, from: number, to: number): Promise<void> {
  for (const body of bodies.slice(from - 1, to)) await bridge.deliver(body);
}

describe('a destination that is removed from the configuration', () => {
  it('is skipped with the reason in every row it is owed, and nobody waits for it', async () => {
    const before = fixture.bridge([hook('first', first), hook('second', second)]);
    first.always(() => resetUnread);
    await play(before, 1, 3);
    await before.sweep();
    const sent = first.arrivals.length;

    const after = fixture.bridge([hook('second', second)]);
    await play(after, 4, 5);
    await settled(after);
    expect(outcomes('first')).toEqual([
      [1, 'skipped', 'destination_removed'],
      [2, 'skipped', 'destination_removed'],
      [3, 'skipped', 'destination_removed'],
    ]);
    expect(first.arrivals).toHaveLength(sent);
    expect(second.firstReceipts()).toEqual(eventIds('Q1'));
    expect(leftovers(fixture)).toEqual([]);
  });

  it('is found although its breaker is open', async () => {
    const before = fixture.bridge([hook('first', first)]);
    first.always(() => resetUnread);
    for (let incident = 1; incident <= 5; incident++) {
      for (const body of fiveEvents(`Q${incident}`)) await before.deliver(body);
    }
    await before.sweep();
    const none = fixture.bridge([]);
    await settled(none);
    expect(new Set(fixture.deliveries('first').map((row) => row['reason']))).toEqual(
      new Set(['destination_removed']),
    );
    expect(leftovers(fixture)).toEqual([]);
  });

  it('and is configured again later, gets the later events only', async () => {
    const both: DestinationConfig[] = [hook('first', first), hook('second', second)];
    await play(fixture.bridge(both), 1, 2);
    await play(fixture.bridge(both.slice(1)), 3, 4);
    await play(fixture.bridge(both), 5, 5);
    expect(first.firstReceipts()).toEqual(['Q1-1', 'Q1-2', 'Q1-5']);
    expect(second.firstReceipts()).toEqual(eventIds('Q1'));
    expect(leftovers(fixture)).toEqual([]);
  });
});

describe('a destination that is added', () => {
  it('gets only later events, whatever becomes due of the earlier ones', async () => {
    const before = fixture.bridge([hook('first', first)]);
    first.next(status(500));
    await play(before, 1, 2);
    const after = fixture.bridge([hook('first', first), hook('second', second)]);
    await play(after, 3, 3);
    await settled(after);
    await play(after, 4, 5);
    expect(first.firstReceipts()).toEqual(eventIds('Q1'));
    expect(second.firstReceipts()).toEqual(['Q1-3', 'Q1-4', 'Q1-5']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('gets the history when it is owed it by hand: each event once, in order, and none twice', async () => {
    await play(fixture.bridge([hook('first', first)]), 1, 4);
    const after = fixture.bridge([hook('first', first), hook('second', second)]);
    await play(after, 5, 5);
    expect(second.firstReceipts()).toEqual(['Q1-5']);

    for (let round = 0; round < 2; round++) {
      for (let sequence = 1; sequence <= 5; sequence++) {
        const outgoing = await readOutgoing(fixture.store, 'Q1', sequence);
        if (!outgoing) throw new Error(`nothing is frozen at ${sequence}`);
        await keepOutgoing(fixture.store, outgoing, outgoing.expiresAt + 1);
        const key = { incidentId: 'Q1', destination: 'second', sequence };
        const event = { eventId: outgoing.eventId, eventType: outgoing.event.type };
        const isNew = round === 0 && sequence < 5;
        if (isNew) await markOwing(fixture.store, 'Q1');
        expect(await backfillDelivery(fixture.store, key, event, fixture.clock.now())).toBe(isNew);
      }
      await settled(after);
    }
    expect(second.arrivals.map(({ headers }) => headers['webhook-id'])).toEqual([
      'Q1-5',
      'Q1-1',
      'Q1-2',
      'Q1-3',
      'Q1-4',
    ]);
    const bytes = (receiver: UnrulyReceiver) =>
      Object.fromEntries(receiver.arrivals.map(({ headers, body }) => [headers['webhook-id'], body]));
    expect(bytes(second)).toEqual(bytes(first));
    expect(leftovers(fixture)).toEqual([]);
  });
});

describe('an event a destination does not want', () => {
  it('is skipped as filtered, and does not break the order of the others', async () => {
    const wanted = { events: ['incident.triggered', 'incident.resolved'] };
    const bridge = fixture.bridge([hook('first', first, wanted), hook('second', second)]);
    first.next(status(500));
    await play(bridge, 1, 5);
    expect(first.firstReceipts()).toEqual([]);
    await settled(bridge);
    expect(first.firstReceipts()).toEqual(['Q1-1', 'Q1-5']);
    expect(second.firstReceipts()).toEqual(eventIds('Q1'));
    expect(outcomes('first')).toEqual([
      [1, 'delivered', undefined],
      [2, 'skipped', 'filtered'],
      [3, 'skipped', 'filtered'],
      [4, 'skipped', 'filtered'],
      [5, 'delivered', undefined],
    ]);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('because its format has no word for it, is skipped with that reason', async () => {
    const bridge = fixture.bridge([hook('first', first, { format: 'cdevents' })]);
    await play(bridge, 1, 5);
    const rows = fixture.deliveries('first');
    // detected, reported, resolved; CDEvents knows nothing of an escalation or a priority.
    expect(rows.map((row) => row['status'])).toEqual([
      'delivered',
      'delivered',
      'skipped',
      'skipped',
      'delivered',
    ]);
    expect(String(rows[2]?.['reason'])).toMatch(/cdevents/i);
    expect(leftovers(fixture)).toEqual([]);
  });
});

describe('three destinations, one of which hangs', () => {
  it('cost the other two one timeout at most', async () => {
    const third = await startUnrulyReceiver();
    const slow = hook('first', first, { timeout_seconds: 2 });
    const bridge = fixture.bridge([slow, hook('second', second), hook('third', third)]);
    first.always(() => ({ accepts: false, answer: () => {} }));
    const arrivedAfter: number[] = [];
    let began = 0;
    second.onArrival(() => arrivedAfter.push(Date.now() - began));
    for (const incident of ['QA', 'QB', 'QC', 'QD']) {
      for (const body of fiveEvents(incident)) {
        began = Date.now();
        await bridge.deliver(body);
      }
    }
    expect(arrivedAfter).toHaveLength(20);
    expect(Math.max(...arrivedAfter)).toBeLessThan(2_000);
    expect(second.firstReceipts()).toEqual(third.firstReceipts());
    expect(first.arrivals).toHaveLength(1);
    await third.close();
  });
});
