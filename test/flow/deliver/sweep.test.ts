import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { eventIds, fiveEvents } from './five-events.ts';
import { createFixture, type Fixture, hook, letTimePass, minutes } from './fixture.ts';
import { leftovers, watchInvariants } from './invariants.ts';
import { fine, hang, startUnrulyReceiver, status, type UnrulyReceiver } from './unruly-receiver.ts';

let receiver: UnrulyReceiver;
let fixture: Fixture;

beforeEach(async () => {
  [receiver, fixture] = await Promise.all([startUnrulyReceiver(), createFixture()]);
});
afterEach(() => receiver.close());

async function play(bridge: TestBridge, incidentId: string, events = 5): Promise<void> {
  for (const body of fiveEvents(incidentId).slice(0, events)) await bridge.deliver(body);
}

/** The incidents a command is about, where it is about one. */
const aboutIncident = ({ input }: Fixture['commands'][number]): string | undefined =>
  input.Key?.incident_id?.S ?? input.Item?.incident_id?.S ?? input.ExpressionAttributeValues?.[':id']?.S;

describe('sweep finds what is due', () => {
  it('by queries of the index; the one table it reads whole is that of the destinations', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(500));
    for (const incident of ['Q1', 'Q2', 'Q3']) await play(bridge, incident);
    for (const body of fiveEvents('Q4')) await bridge.send(body);
    fixture.clock.advance(minutes(2));
    fixture.commands.length = 0;
    await bridge.sweep();
    expect(leftovers(fixture)).toEqual([]);

    const kinds = new Set(fixture.commands.map(({ what }) => what));
    expect([...kinds].filter((what) => what.startsWith('Scan'))).toEqual(['Scan destinations']);
    expect(kinds).toContain('Query events due');
    expect(kinds).toContain('Query deliveries due');
    for (const { what, input } of fixture.commands) {
      if (/ due$/.test(what)) expect(input.Limit).toBeLessThanOrEqual(100);
    }
    // Apart from the looks at the indexes it only touched the two incidents that had something due.
    const touched = new Set(fixture.commands.map(aboutIncident).filter((id) => id !== undefined));
    expect(touched).toEqual(new Set(['Q1', 'Q4']));
  });

  it('at a cost that does not grow with the tables', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    const costWhenIdle = async () => {
      fixture.clock.advance(minutes(1));
      fixture.commands.length = 0;
      await bridge.sweep();
      return fixture.commands.length;
    };
    await play(bridge, 'Q0');
    await costWhenIdle();
    const small = await costWhenIdle();
    for (let incident = 1; incident <= 25; incident++) await play(bridge, `Q${incident}`);
    expect(await costWhenIdle()).toBe(small);
    expect(small).toBeLessThan(30);
  });

  it('in bounded batches, within its time; what is left is found by the next one', async () => {
    const bridge = fixture.bridge([hook('hook', receiver, { timeout_seconds: 1 })]);
    receiver.always(() => status(503));
    for (let incident = 1; incident <= 40; incident++) await play(bridge, `Q${incident}`, 2);
    receiver.always(() => ({
      accepts: true,
      answer: (response) => void setTimeout(() => response.writeHead(200).end(), 150),
    }));
    fixture.clock.advance(minutes(20));
    const started = Date.now();
    // 10 of the 12 seconds are its reserve, so it has two, and begins nothing in the last that could take one.
    await createSweep(bridge.deps)(12_000);
    expect(Date.now() - started).toBeLessThan(4_000);
    const sent = receiver.firstReceipts().length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(80);
    receiver.always(() => fine);
    await letTimePass(bridge, fixture.clock, { total: minutes(10), step: minutes(1) });
    expect(receiver.firstReceipts()).toHaveLength(80);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('of every destination although one of them hangs', async () => {
    const slow = await startUnrulyReceiver();
    const bridge = fixture.bridge([hook('slow', slow, { timeout_seconds: 0.5 }), hook('hook', receiver)]);
    slow.always(() => hang);
    for (let incident = 1; incident <= 6; incident++) {
      for (const body of fiveEvents(`Q${incident}`)) await bridge.send(body);
    }
    fixture.clock.advance(minutes(1));
    await bridge.sweep();
    expect(receiver.firstReceipts()).toHaveLength(30);
    // Each incident that is under way when it happens waits for one timeout, those that come later for none.
    expect(slow.arrivals.length).toBeLessThanOrEqual(8);
    await slow.close();
  });

  it('and reports how long the oldest of it has been overdue', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    for (const body of fiveEvents('Q1')) await bridge.send(body);
    fixture.clock.advance(minutes(10));
    const report = await createSweep(bridge.deps)(60_000);
    // Its due time is half a minute after its arrival.
    expect(report.oldestOwedSeconds).toBeGreaterThanOrEqual(9.5 * 60 - 1);
    expect(report.oldestOwedSeconds).toBeLessThan(9.5 * 60 + 30);
    const idle = await createSweep(bridge.deps)(60_000);
    expect(idle).toEqual({ incidents: 0, deliveries: 0, held: 0, oldestOwedSeconds: 0 });
  });
});

describe('several sweeps and forward at the same time', () => {
  it('send each event once and in order, each only after the one before it has ended', async () => {
    const watch = watchInvariants(fixture);
    const other = await startUnrulyReceiver();
    const destinations = [hook('hook', receiver), hook('other', other)];
    const bridges = [1, 2, 3].map(() => fixture.bridge(destinations));
    const early: string[] = [];
    for (const [name, each] of Object.entries({ hook: receiver, other })) {
      each.onArrival(({ headers }) => {
        const [incident, number] = String(headers['webhook-id']).split('-');
        const before = fixture
          .deliveries(name, incident)
          .find((row) => row['sequence'] === Number(number) - 1);
        if (before?.['status'] === 'pending') early.push(`${name} ${headers['webhook-id']}`);
      });
    }
    const incidents = Array.from({ length: 12 }, (_, n) => `Q${n + 1}`);
    for (const incident of incidents) {
      for (const body of fiveEvents(incident)) await bridges[0]?.send(body);
    }
    fixture.clock.advance(minutes(1));
    const keys = fixture.rows('events').map((row) => [String(row['incident_id']), String(row['log_key'])]);
    await Promise.all([
      ...bridges.map((bridge) => bridge.sweep()),
      ...keys.map(([incident = '', logKey = ''], index) => bridges[index % 3]?.wake(incident, logKey)),
      ...bridges.map((bridge) => bridge.sweep()),
    ]);
    for (const bridge of bridges) {
      await letTimePass(bridge, fixture.clock, { total: minutes(10), step: minutes(1) });
    }
    for (const each of [receiver, other]) {
      const ids = each.arrivals.map(({ headers }) => String(headers['webhook-id']));
      expect(ids).toHaveLength(60);
      for (const incident of incidents) {
        expect(ids.filter((id) => id.startsWith(`${incident}-`))).toEqual(eventIds(incident));
      }
    }
    expect(early).toEqual([]);
    expect(watch.found).toEqual([]);
    expect(leftovers(fixture)).toEqual([]);
    await other.close();
  });
});

describe('a row that has ended and still has its due mark', () => {
  it('loses it only after the row of its incident has been brought up to date', async () => {
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(500));
    await play(bridge, 'Q1');
    const wrong: string[] = [];
    let cleared = 0;
    fixture.onWrite(({ table, before, after }) => {
      const lost = before?.['due_at'] !== undefined && after?.['due_at'] === undefined;
      if (table !== 'deliveries' || !lost || after?.['status']?.S === 'pending') return;
      cleared += 1;
      const owing = fixture.deliveries('hook').some((row) => row['status'] === 'pending');
      const [incident] = fixture.rows('incidents');
      if (!owing && incident?.['forwarding'] !== 'settled') wrong.push(String(after?.['delivery_id']?.S));
    });
    await letTimePass(bridge, fixture.clock, { total: minutes(5), step: minutes(1) });
    expect(cleared).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
    expect(leftovers(fixture)).toEqual([]);
  });
});
