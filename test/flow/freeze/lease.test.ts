import { workSubject } from '../../../lib/flow/subjects/work-subject.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { acquireLease, commitIncident } from '../../../lib/store/incidents/lease.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, page, threeEvents, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const many = Array.from({ length: 12 }, (_, index) =>
  told('Q1', 'incident.reassigned', index, { service: at('PCHECK') }),
);
const sequences = () => fixture.arrived('Q1').map(({ sequence }) => sequence);
const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function logKeys(): Promise<string[]> {
  return (await fixture.rowsOf('events', 'Q1')).map((row) => String(row['log_key'])).sort();
}

/** Lets other work in between any two calls, in a different way for each seed. */
function jumbled(db: Store['db'], seed: number): Store['db'] {
  let state = seed;
  return {
    send: async (command) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      for (let turn = 0; turn < state % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      return db.send(command);
    },
  };
}

describe('workers that are woken for one incident at the same time', () => {
  it('send every event once and in order, and leave nothing undone', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      fixture = createFixture();
      await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
      const healthy = fixture.bridge();
      for (const body of many) await healthy.send(body);
      const keys = await logKeys();
      await Promise.all(
        keys.map((key, index) =>
          fixture.bridge({}, jumbled(fixture.store.db, seed * 100 + index)).wake('Q1', key),
        ),
      );
      fixture.clock.advance(90_000);
      await healthy.sweep();
      expect(sequences()).toEqual(oneTo(12));
      expect(await fixture.rowsOf('outgoing', 'Q1')).toHaveLength(12);
      const due = (await fixture.rowsOf('events', 'Q1')).filter((row) => row['due_at']);
      expect(due).toEqual([]);
      const row = await fixture.row('Q1');
      expect(row).toMatchObject({ forwarding: 'settled', event_count: 12 });
      for (const name of ['lease_owner', 'lease_until', 'woken']) expect(row).not.toHaveProperty(name);
    }
  });

  it('and a sweep among them do no harm', async () => {
    const healthy = fixture.bridge();
    for (const body of many) await healthy.send(body);
    fixture.clock.advance(31_000);
    const keys = await logKeys();
    await Promise.all([
      ...keys.map((key) => fixture.bridge({}, jumbled(fixture.store.db, key.length)).wake('Q1', key)),
      fixture.bridge({}, jumbled(fixture.store.db, 3)).sweep(),
      fixture.bridge({}, jumbled(fixture.store.db, 4)).sweep(),
    ]);
    fixture.clock.advance(90_000);
    await healthy.sweep();
    expect(sequences()).toEqual(oneTo(12));
  });
});

describe('a worker that finds the lease taken', () => {
  const [triggered, acknowledged] = threeEvents('Q1', at('PCHECK'));
  let bridge: TestBridge;
  beforeEach(async () => {
    bridge = fixture.bridge();
    if (triggered) await bridge.send(triggered);
  });

  const lease = async (untilMs = fixture.clock.now() + 30_000) => {
    const taken = await acquireLease(fixture.store, 'Q1', 'holder', fixture.clock.now(), untilMs, []);
    if (taken === 'taken') throw new Error('nobody should have it');
    return taken;
  };

  it('leaves a note and reports success, and the holder cannot go without having seen it', async () => {
    const held = await lease();
    const [key = ''] = await logKeys();
    await bridge.wake('Q1', key);
    const row = await fixture.row('Q1');
    expect(row).toMatchObject({ wakes: 1, woken: new Set([key]), lease_owner: 'holder' });
    expect(await commitIncident(fixture.store, held, { title: 'not written' })).toBe('noted');
    expect(await fixture.row('Q1')).not.toHaveProperty('title');
    expect(await commitIncident(fixture.store, { ...held, row }, { title: 'written' })).toBe('released');
    expect(await fixture.row('Q1')).toMatchObject({ title: 'written', wakes: 1 });
    expect(await fixture.row('Q1')).not.toHaveProperty('woken');
  });

  it.each([
    ['later', acknowledged],
    ['earlier', told('Q1', 'incident.delegated', -1, { service: at('PCHECK') })],
  ])('has its event done by the holder, which goes round again: a %s one', async (_, another) => {
    let noticed = false;
    const holder = fixture.bridge(
      {},
      {
        send: async (command) => {
          const answer = await fixture.store.db.send(command);
          if (!noticed && command.input.TableName === 'test-outgoing' && command.input.Item) {
            noticed = true;
            if (another) await bridge.deliver(another);
            expect(await fixture.row('Q1')).toMatchObject({ wakes: 1 });
          }
          return answer;
        },
      },
    );
    const [key = ''] = await logKeys();
    await holder.wake('Q1', key);
    expect(sequences()).toEqual([1, 2]);
    for (const event of await fixture.rowsOf('events', 'Q1')) expect(event).not.toHaveProperty('due_at');
  });

  it('takes it over when its time is up, and the old holder cannot write any more', async () => {
    const held = await lease(fixture.clock.now() + 5_000);
    fixture.clock.advance(5_001);
    const [key = ''] = await logKeys();
    await bridge.wake('Q1', key);
    expect(sequences()).toEqual([1]);
    expect(await commitIncident(fixture.store, held, { title: 'from the past' })).toBe('lost');
    expect(await fixture.row('Q1')).not.toMatchObject({ title: 'from the past' });
  });
});

describe('a worker that comes back from the dead', () => {
  it('freezes nothing a second time and overwrites nothing newer', async () => {
    const bridge = fixture.bridge();
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.send(body);
    const keys = await logKeys();
    // It stops at each call in turn, for longer than its lease, while another worker does everything.
    for (let which = 1; which <= 30; which++) {
      fixture = createFixture();
      await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
      const other = fixture.bridge();
      for (const body of threeEvents('Q1', at('PCHECK'))) await other.send(body);
      let calls = 0;
      const sleeper = fixture.bridge(
        {},
        {
          send: async (command) => {
            calls += 1;
            if (calls === which) {
              fixture.clock.advance(90_000);
              await other.sweep();
            }
            return fixture.store.db.send(command);
          },
        },
      );
      await workSubject(sleeper.deps, { subject: 'Q1', logKeys: keys }, fixture.clock.now() + 50_000);
      fixture.clock.advance(90_000);
      await other.sweep();
      const outgoing = await fixture.rowsOf('outgoing', 'Q1');
      expect(
        outgoing.map((row) => [row['sequence'], (row['incident_event'] as { type: string }).type]),
      ).toEqual([
        [1, 'incident.triggered'],
        [2, 'incident.acknowledged'],
        [3, 'incident.resolved'],
      ]);
      expect(new Set(sequences())).toEqual(new Set([1, 2, 3]));
      expect(await fixture.row('Q1')).toMatchObject({
        status: 'resolved',
        forwarding: 'settled',
        last_sequence: 3,
      });
    }
  });
});
