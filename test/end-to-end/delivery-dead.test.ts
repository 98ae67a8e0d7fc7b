import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { redriveDelivery } from '../../lib/store/deliveries/redrive.ts';
import { markOwing } from '../../lib/store/incidents/incidents.ts';
import { keepOutgoing, readOutgoing } from '../../lib/store/outgoing/outgoing.ts';
import { eventIds, fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import {
  type Arrival,
  type Behaviour,
  fine,
  hang,
  startUnrulyReceiver,
  status,
  type UnrulyReceiver,
} from '../flow/deliver/unruly-receiver.ts';

let receiver: UnrulyReceiver;
let fixture: Fixture;
let watch: { found: string[] };

beforeEach(async () => {
  [receiver, fixture] = await Promise.all([startUnrulyReceiver(), createFixture()]);
  watch = watchInvariants(fixture);
});
afterEach(async () => {
  expect(watch.found).toEqual([]);
  await receiver.close();
});

const idOf = ({ headers }: Arrival) => String(headers['webhook-id']);
const nothingLeft = () => leftovers(fixture).length === 0;
const outcomes = (rows: Row[]) => rows.map((row) => [row['sequence'], row['status']]);

/** As `pdbridge deliveries redrive` does it. */
async function redriveAll(): Promise<void> {
  for (const row of fixture.deliveries('hook').filter((each) => each['status'] === 'dead')) {
    const key = {
      incidentId: String(row['incident_id']),
      destination: 'hook',
      sequence: Number(row['sequence']),
    };
    const outgoing = await readOutgoing(fixture.store, key.incidentId, key.sequence);
    if (outgoing) await keepOutgoing(fixture.store, outgoing, outgoing.expiresAt + 1);
    await markOwing(fixture.store, key.incidentId);
    await redriveDelivery(fixture.store, key, fixture.clock.now());
  }
}

describe('a delivery is dead', () => {
  it.each<[string, Behaviour, string, number]>([
    [
      'refused as malformed',
      status(400, {}, 'started_at is missing'),
      'HTTP 400: started_at is missing',
      400,
    ],
    ['refused as gone', status(410, {}, ''), 'HTTP 410', 410],
    [
      'redirected',
      status(301, { location: 'https://elsewhere.example/hooks/T0KEN' }),
      'HTTP 301: redirects are not followed (to elsewhere.example); configure the final URL',
      301,
    ],
  ])('at once when %s; the row says so, and the next event goes out', async (_, behaviour, error, code) => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(fine, behaviour);
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    expect(outcomes(fixture.deliveries('hook'))).toEqual([
      [1, 'delivered'],
      [2, 'dead'],
      [3, 'delivered'],
      [4, 'delivered'],
      [5, 'delivered'],
    ]);
    expect(fixture.deliveries('hook')[1]).toMatchObject({
      attempts: 1,
      last_status_code: code,
      last_error: error,
      event_id: 'Q1-2',
    });
    expect(receiver.arrivals.map(idOf)).toEqual(eventIds('Q1'));
    expect(leftovers(fixture)).toEqual([]);
  });

  it('after ten server errors while others are accepted: poison; all others pass', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.always((arrival) => (idOf(arrival) === 'Q1-2' ? status(500, {}, 'cannot digest') : fine));
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    for (
      let other = 0;
      other < 60 && fixture.deliveries('hook', 'Q1')[1]?.['status'] === 'pending';
      other++
    ) {
      for (const body of fiveEvents(`QOTHER${other}`).slice(0, 1)) await bridge.deliver(body);
      await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(20) });
    }
    const [, poison] = fixture.deliveries('hook', 'Q1');
    expect(poison).toMatchObject({
      status: 'dead',
      last_status_code: 500,
      last_error: 'HTTP 500: cannot digest',
      reason: 'failed 10 times with a server error or timeout while the destination accepted other events',
    });
    // The first failure may have been anybody's; from then on each came after somebody else was accepted.
    expect(Number(poison?.['attempts'])).toBeGreaterThanOrEqual(11);
    expect(receiver.firstReceipts().filter((id) => id.startsWith('Q1-'))).toEqual([
      'Q1-1',
      'Q1-3',
      'Q1-4',
      'Q1-5',
    ]);
    const rest = fixture.deliveries('hook').filter((row) => row['event_id'] !== 'Q1-2');
    expect(new Set(rest.map((row) => row['status']))).toEqual(new Set(['delivered']));
    await bridge.sweep();
    expect(leftovers(fixture)).toEqual([]);
  });

  it('as poison also when it makes the receiver hang', async () => {
    const bridge = fixture.bridge([hook('hook', receiver, { timeout_seconds: 0.15 })]);
    receiver.always((arrival) => (idOf(arrival) === 'Q1-1' ? hang : fine));
    for (const body of fiveEvents('Q1').slice(0, 2)) await bridge.deliver(body);
    for (
      let other = 0;
      other < 60 && fixture.deliveries('hook', 'Q1')[0]?.['status'] === 'pending';
      other++
    ) {
      for (const body of fiveEvents(`QOTHER${other}`).slice(0, 1)) await bridge.deliver(body);
      await letTimePass(bridge, fixture.clock, { total: 2 * hour, step: minutes(20) });
    }
    expect(outcomes(fixture.deliveries('hook', 'Q1'))).toEqual([
      [1, 'dead'],
      [2, 'delivered'],
    ]);
    // A busy machine may have let other answers come too late.
    await letTimePass(bridge, fixture.clock, { total: 3 * hour, step: minutes(10), enough: nothingLeft });
    expect(leftovers(fixture)).toEqual([]);
  });

  it('when the retry horizon is over, with the last answer; before the end it is tried once more', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)], { retry: { horizon_hours: 30 } });
    receiver.always(() => status(503, {}, 'maintenance'));
    const began = fixture.clock.now();
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    await letTimePass(bridge, fixture.clock, { total: 29 * hour, step: minutes(10) });
    expect(fixture.deliveries('hook').map((row) => row['status'])).toEqual(Array(5).fill('pending'));
    await letTimePass(bridge, fixture.clock, { total: 2 * hour, step: minutes(5) });
    const [first] = fixture.deliveries('hook');
    expect(first).toMatchObject({ status: 'dead', last_error: 'HTTP 503: maintenance' });
    expect(String(first?.['reason'])).toMatch(/retry horizon/);
    expect(Date.parse(String(first?.['last_attempt_at'])) - began).toBeGreaterThan(24 * hour);
    // The horizon of the others began when their own turn came.
    await letTimePass(bridge, fixture.clock, { total: 200 * hour, step: hour, enough: nothingLeft });
    expect(fixture.deliveries('hook').map((row) => row['status'])).toEqual(Array(5).fill('dead'));
    expect(leftovers(fixture)).toEqual([]);
  });

  it('when its frozen event has expired', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(500));
    const [triggered] = fiveEvents('Q1');
    if (triggered) await bridge.deliver(triggered);
    await fixture.store.db.send(
      new DeleteItemCommand({
        TableName: 'outgoing',
        Key: { incident_id: { S: 'Q1' }, sequence: { N: '1' } },
      }),
    );
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(5) });
    expect(fixture.deliveries('hook')).toMatchObject([
      { status: 'dead', attempts: 1, reason: 'its frozen incident event has expired' },
    ]);
    expect(leftovers(fixture)).toEqual([]);
  });
});

describe('a redrive', () => {
  it('sends what is dead again, with the same id and bytes, and the incident owes it meanwhile', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(400), fine, status(422), status(301));
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    expect(fixture.deliveries('hook').map((row) => row['status'])).toEqual([
      'dead',
      'delivered',
      'dead',
      'dead',
      'delivered',
    ]);
    await redriveAll();
    expect(fixture.rows('incidents')).toMatchObject([{ forwarding: 'pending' }]);
    await bridge.sweep();

    expect(receiver.arrivals.map(idOf)).toEqual([...eventIds('Q1'), 'Q1-1', 'Q1-3', 'Q1-4']);
    for (const again of receiver.arrivals.slice(5)) {
      const first = receiver.arrivals.find((arrival) => idOf(arrival) === idOf(again));
      expect(again.body).toBe(first?.body);
      expect(again.headers['content-type']).toBe(first?.headers['content-type']);
    }
    expect(fixture.deliveries('hook').map((row) => [row['status'], row['attempts']])).toEqual([
      ['delivered', 2],
      ['delivered', 1],
      ['delivered', 2],
      ['delivered', 2],
      ['delivered', 1],
    ]);
    expect(fixture.rows('incidents')).toMatchObject([{ forwarding: 'settled' }]);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('sends the bytes of then although the destination now writes another format', async () => {
    receiver.next(status(400));
    const [triggered] = fiveEvents('Q1');
    if (triggered) await fixture.bridge([hook('hook', receiver)]).deliver(triggered);
    await redriveAll();
    await fixture
      .bridge([hook('hook', receiver)], { severity: { P1: 'SEV-1' }, default_env: 'other' })
      .sweep();
    const [first, again] = receiver.arrivals;
    expect(again?.body).toBe(first?.body);
  });

  it('begins a new horizon and counts no old strikes', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)], { retry: { horizon_hours: 1 } });
    receiver.always(() => status(500));
    const [triggered] = fiveEvents('Q1');
    if (triggered) await bridge.deliver(triggered);
    await letTimePass(bridge, fixture.clock, { total: 5 * hour, step: minutes(10) });
    expect(fixture.deliveries('hook')).toMatchObject([{ status: 'dead' }]);
    await redriveAll();
    await letTimePass(bridge, fixture.clock, { total: minutes(30), step: minutes(5) });
    expect(fixture.deliveries('hook')).toMatchObject([{ status: 'pending' }]);
    receiver.always(() => fine);
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(10) });
    expect(fixture.deliveries('hook')).toMatchObject([{ status: 'delivered' }]);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('of an event leaves those that were delivered alone', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    const [triggered] = fiveEvents('Q1');
    if (triggered) await bridge.deliver(triggered);
    const key = { incidentId: 'Q1', destination: 'hook', sequence: 1 };
    expect(await redriveDelivery(fixture.store, key, fixture.clock.now())).toBe(false);
    await bridge.sweep();
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('while later events are still owed keeps their order', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(400), fine, fine, status(500));
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    await redriveAll();
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(5) });
    expect(receiver.firstReceipts()).toEqual(['Q1-2', 'Q1-3', 'Q1-1', 'Q1-4', 'Q1-5']);
    expect(leftovers(fixture)).toEqual([]);
  });
});
