import { eventIds, fiveEvents } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import {
  type Arrival,
  fine,
  hang,
  resetUnread,
  startUnrulyReceiver,
  status,
  type UnrulyReceiver,
} from '../flow/deliver/unruly-receiver.ts';
import type { TestBridge } from '../support/bridge.ts';

let down: UnrulyReceiver;
let calm: UnrulyReceiver;
let fixture: Fixture;
let watch: { found: string[] };
/** When each request reached the receiver that is down, by the bridge's clock, in seconds. */
let attemptsAt: number[];

beforeEach(async () => {
  [down, calm, fixture] = await Promise.all([startUnrulyReceiver(), startUnrulyReceiver(), createFixture()]);
  watch = watchInvariants(fixture);
  attemptsAt = [];
  down.onArrival(() => attemptsAt.push(fixture.clock.now() / 1000));
});
afterEach(async () => {
  expect(watch.found).toEqual([]);
  await Promise.all([down.close(), calm.close()]);
});

const idOf = ({ headers }: Arrival) => String(headers['webhook-id']);
const both = (timeout_seconds = 10) => [hook('down', down, { timeout_seconds }), hook('calm', calm)];
const breaker = (name = 'down') => fixture.rows('destinations').find((row) => row['destination'] === name);
const nothingLeft = () => leftovers(fixture).length === 0;
const incidentOf = (id: string) => id.replace(/-\d$/, '');

async function play(bridge: TestBridge, incidentId: string, events = 5): Promise<void> {
  for (const body of fiveEvents(incidentId).slice(0, events)) await bridge.deliver(body);
}

/** Each incident's events in the order in which the receiver took them. */
function byIncident(receiver: UnrulyReceiver): Record<string, string[]> {
  const incidents: Record<string, string[]> = {};
  for (const id of receiver.firstReceipts()) {
    const key = incidentOf(id);
    incidents[key] = [...(incidents[key] ?? []), id];
  }
  return incidents;
}

describe('a destination that is down for 30 hours', () => {
  it('is probed and not hammered, delays nobody, and gets everything in order when it is back', async () => {
    const bridge = fixture.bridge(both());
    const incidents = Array.from({ length: 6 }, (_, n) => `Q${n + 1}`);
    down.always(() => resetUnread);
    for (const incident of incidents) {
      await play(bridge, incident);
      expect(byIncident(calm)[incident]).toEqual(eventIds(incident));
      await letTimePass(bridge, fixture.clock, { total: 5 * hour, step: minutes(5) });
    }
    // 30 hours, a probe every 5 minutes at most, and three failures that opened the breaker.
    expect(down.arrivals.length).toBeLessThan(30 * 12 + 10);
    expect(down.arrivals.length).toBeGreaterThan(30);
    expect(calm.arrivals).toHaveLength(incidents.length * 5);

    down.always(() => fine);
    // What was a probe once may have backed off by an hour.
    await letTimePass(bridge, fixture.clock, { total: minutes(70), step: minutes(2), enough: nothingLeft });
    expect(byIncident(down)).toEqual(Object.fromEntries(incidents.map((id) => [id, eventIds(id)])));
    expect(down.arrivals.filter(({ accepted }) => accepted)).toHaveLength(incidents.length * 5);
    expect(new Set(fixture.deliveries('down').map((row) => row['status']))).toEqual(new Set(['delivered']));
    expect(breaker()).toMatchObject({ state: 'closed', consecutive_failures: 0 });
    expect(leftovers(fixture)).toEqual([]);
  });

  it('gets what has piled up at a bounded rate, however much each incident owes', async () => {
    // Without a look at every row after every write, which would take long with so many.
    fixture = await createFixture();
    const bridge = fixture.bridge([hook('down', down)]);
    down.always(() => status(503));
    const incidents = Array.from({ length: 140 }, (_, n) => `Q${n + 1}`);
    for (const incident of incidents) await play(bridge, incident);
    down.always(() => fine);
    const perRun: number[] = [];
    for (let run = 0; run < 30 && !nothingLeft(); run++) {
      const before = down.firstReceipts().length;
      fixture.clock.advance(minutes(1));
      await bridge.sweep();
      perRun.push(down.firstReceipts().length - before);
    }
    expect(leftovers(fixture)).toEqual([]);
    expect(Math.max(...perRun)).toBeLessThanOrEqual(620);
    expect(Math.max(...perRun)).toBeGreaterThan(300);
    for (const incident of incidents) expect(byIncident(down)[incident]).toEqual(eventIds(incident));
  });
});

describe('the breaker of a destination', () => {
  it('opens at the first timeout; forward leaves it alone from then on, the others wait no more', async () => {
    const bridge = fixture.bridge([hook('down', down, { timeout_seconds: 0.5 }), hook('calm', calm)]);
    down.always(() => hang);
    const started = Date.now();
    await play(bridge, 'Q1');
    expect(Date.now() - started).toBeGreaterThanOrEqual(490);
    expect(breaker()).toMatchObject({ state: 'open', consecutive_failures: 1 });
    expect(down.arrivals).toHaveLength(1);

    for (const incident of ['Q2', 'Q3', 'Q4', 'Q5']) await play(bridge, incident);
    expect(down.arrivals).toHaveLength(1);
    expect(calm.arrivals).toHaveLength(25);
  });

  it('opens at the third failure in a row; what is not tried is not counted as an attempt', async () => {
    const bridge = fixture.bridge(both());
    down.always(() => status(500));
    for (const incident of ['Q1', 'Q2', 'Q3', 'Q4', 'Q5']) await play(bridge, incident, 2);
    expect(down.arrivals.map(idOf)).toEqual(['Q1-1', 'Q2-1', 'Q3-1']);
    expect(breaker()).toMatchObject({
      state: 'open',
      consecutive_failures: 3,
      last_error: 'HTTP 500: status 500',
    });
    expect(fixture.deliveries('down').map((row) => row['attempts'])).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('stays closed while failures and acceptances alternate', async () => {
    const bridge = fixture.bridge(both());
    down.next(...Array.from({ length: 4 }, () => [status(500), status(500), fine]).flat());
    for (let incident = 1; incident <= 12; incident++) await play(bridge, `Q${incident}`, 1);
    expect(down.arrivals).toHaveLength(12);
    expect(breaker()).toMatchObject({ state: 'closed' });
  });

  it('closes with any answer, also one that refuses the event', async () => {
    const bridge = fixture.bridge(both(1));
    down.next(hang);
    await play(bridge, 'Q1', 1);
    down.next(status(400));
    await letTimePass(bridge, fixture.clock, { total: 10 * 60_000, step: minutes(1), enough: nothingLeft });
    expect(breaker()).toMatchObject({ state: 'closed', consecutive_failures: 0 });
    expect(fixture.deliveries('down')).toMatchObject([{ status: 'dead', last_status_code: 400 }]);
  });

  it('lets only sweep probe: one request at a time, ever further apart, also with two sweeps in parallel', async () => {
    const bridges = [fixture.bridge(both(0.1)), fixture.bridge(both(0.1))] as const;
    let underWay = 0;
    let mostUnderWay = 0;
    down.always(() => ({
      accepts: false,
      answer: (response) => {
        underWay += 1;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        response.on('close', () => {
          underWay -= 1;
        });
      },
    }));
    await play(bridges[0], 'Q1', 1);
    for (let incident = 2; incident <= 20; incident++) await play(bridges[1], `Q${incident}`, 2);
    expect(down.arrivals).toHaveLength(1);

    for (let passed = 0; passed < 40; passed++) {
      fixture.clock.advance(30_000);
      await Promise.all([...bridges, ...bridges].map((bridge) => bridge.sweep()));
      await play(bridges[0], `QNEW${passed}`, 1);
    }
    expect(mostUnderWay).toBe(1);
    const gaps = attemptsAt.slice(1).map((at, index) => at - (attemptsAt[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(5);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(30);
    for (const gap of gaps.slice(5)) expect(gap).toBeGreaterThanOrEqual(150);
    // Probes are not always the same event: a payload that nobody can digest must not keep the rest out.
    expect(new Set(down.arrivals.map(idOf)).size).toBeGreaterThan(1);
  });

  it('keeps to what Retry-After asks for, and so does the delivery', async () => {
    const bridge = fixture.bridge(both());
    down.next(status(429, { 'retry-after': '480' }), status(429), status(429, { 'retry-after': '480' }));
    for (const incident of ['Q1', 'Q2', 'Q3']) await play(bridge, incident, 1);
    const [row] = fixture.deliveries('down', 'Q1');
    const waits = Date.parse(String(row?.['next_attempt_at'])) - Date.parse(String(row?.['last_attempt_at']));
    expect(waits).toBeGreaterThanOrEqual(480_000);
    expect(breaker()).toMatchObject({ state: 'open' });
    await letTimePass(bridge, fixture.clock, { total: 20 * 60_000, step: 20_000, enough: nothingLeft });
    const gap = (attemptsAt[3] ?? 0) - (attemptsAt[2] ?? 0);
    expect(gap).toBeGreaterThanOrEqual(480);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('does not keep an event from the receiver because another one is indigestible', async () => {
    const bridge = fixture.bridge(both(0.6));
    down.always((arrival) => (idOf(arrival) === 'Q1-1' ? hang : fine));
    for (const incident of ['Q1', 'Q2', 'Q3', 'Q4']) await play(bridge, incident, 2);
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(1) });
    expect(byIncident(down)).toMatchObject({
      Q2: ['Q2-1', 'Q2-2'],
      Q3: ['Q3-1', 'Q3-2'],
      Q4: ['Q4-1', 'Q4-2'],
    });
  });
});
