import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { pinService } from '../../../lib/store/mappings/mappings.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, meddling, page, renamed, threeEvents, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});

const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });
const [triggered] = threeEvents('Q1', at('PCHECK'));
const sent = () => fixture.arrived('Q1').map(({ sequence, team }) => [sequence, team]);

async function callsToJudge(): Promise<number> {
  fixture = createFixture();
  const { db, counter } = meddling(fixture.store.db, 0, async () => {});
  const bridge = fixture.bridge({}, db);
  await bridge.send(triggered ?? '');
  const before = counter.calls;
  await wake(bridge);
  return counter.calls - before;
}

async function wake(bridge: ReturnType<Fixture['bridge']>): Promise<void> {
  const [event] = await fixture.rowsOf('events', 'Q1');
  await bridge.wake('Q1', String(event?.['log_key']));
}

describe('a change that lands while an incident is being judged', () => {
  it.each([
    ['push', () => fixture.push(checkout)],
    ['pin', () => pinService(fixture.store, 'PCHECK', { services: [], team: 'payments' })],
  ])('as a %s leaves nothing stuck, whatever moment it hits', async (_, change) => {
    const calls = await callsToJudge();
    expect(calls).toBeGreaterThan(8);
    for (let after = 1; after <= calls; after++) {
      fixture = createFixture();
      await fixture.bridge().send(triggered ?? '');
      await wake(fixture.bridge({}, meddling(fixture.store.db, after, change).db));
      await fixture.bridge().sweep();
      expect([after, sent()]).toEqual([after, [[1, 'payments']]]);
      expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled' });
    }
  });

  it('as a rename leaves nothing stuck either', async () => {
    const calls = await callsToJudge();
    for (let after = 1; after <= calls; after++) {
      fixture = createFixture();
      await fixture.push(service('till', { team: 'payments' }));
      const bridge = fixture.bridge();
      await bridge.send(triggered ?? '');
      const rename = () => bridge.deliver(renamed('PCHECK', 'Till', 5));
      await wake(fixture.bridge({}, meddling(fixture.store.db, after, rename).db));
      await bridge.sweep();
      expect([after, sent()]).toEqual([after, [[1, 'payments']]]);
    }
  });

  it('as one push after another is judged again a few times at once, and then by the next sweep', async () => {
    let pushes = 0;
    const another = async () => {
      pushes += 1;
      await fixture.push(service(`unrelated-${pushes}`));
    };
    const restless: Store['db'] = {
      send: async (command) => {
        const answer = await fixture.store.db.send(command);
        if (command.constructor.name === 'UpdateItemCommand' && command.input.TableName === 'test-mappings')
          await another();
        return answer;
      },
    };
    await fixture.bridge().send(triggered ?? '');
    await wake(fixture.bridge({}, restless));
    expect(pushes).toBeGreaterThan(2);
    const [event] = await fixture.rowsOf('events', 'Q1');
    expect(event).toHaveProperty('due_at');
    await fixture.push(checkout);
    await fixture.bridge().sweep();
    expect(sent()).toEqual([[1, 'payments']]);
  });
});

describe('a push that is killed', () => {
  it('at any of its writes leaves either the old catalog or the new one, and what the new one covers goes out', async () => {
    const entries = [checkout, service('search', { pagerduty: page('PSEARCH') })];
    const push = (db: Store['db']) => {
      const random = { token: () => 'killed', unit: () => 0.5 };
      const store = { ...fixture.store, db };
      return pushCatalog({ store, clock: fixture.clock, random }, { source: 'default', entries });
    };
    const { db, counter } = meddling(fixture.store.db, 0, async () => {});
    await push(db);
    const outcomes = new Set<string>();
    for (let which = 1; which <= counter.calls; which++) {
      fixture = createFixture();
      const bridge = fixture.bridge();
      for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
      const killed = meddling(fixture.store.db, which, () => Promise.reject(new Error('killed')));
      await push({
        send: (command) =>
          killed.counter.calls >= which ? Promise.reject(new Error('gone')) : killed.db.send(command),
      }).catch(() => {});
      await bridge.sweep();
      const { forwarding } = await fixture.row('Q1');
      outcomes.add(String(forwarding));
      if (forwarding === 'held') await push(fixture.store.db);
      await bridge.sweep();
      expect(sent()).toEqual([
        [1, 'payments'],
        [2, 'payments'],
        [3, 'payments'],
      ]);
    }
    // It was killed on either side of the flip.
    expect([...outcomes].sort()).toEqual(['held', 'settled']);
  });
});

describe('a catalog that cannot be read', () => {
  it('is a reason to try again, never a non-match', async () => {
    await fixture.push(checkout);
    const unreadable: Store['db'] = {
      send: async (command) => {
        if (command.input.TableName === 'test-catalog') throw new Error('throttled');
        return fixture.store.db.send(command);
      },
    };
    const blind = fixture.bridge({ unmatched: 'drop' }, unreadable);
    await blind.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(blind.deps.telemetry.count('ProcessingFailed')).toBe(1);
    expect(fixture.arrived()).toEqual([]);
    fixture.clock.advance(31_000);
    await fixture.bridge({ unmatched: 'drop' }).sweep();
    expect(sent()).toEqual([[1, 'payments']]);
  });

  it('counts for the alarm when it stays so, ever more rarely', async () => {
    const unreadable: Store['db'] = {
      send: async (command) => {
        if (command.input.TableName === 'test-catalog') throw new Error('throttled');
        return fixture.store.db.send(command);
      },
    };
    const blind = fixture.bridge({}, unreadable);
    await blind.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    const pauses: number[] = [];
    for (let round = 0; round < 6; round++) {
      const [event] = await fixture.rowsOf('events', 'Q1');
      const pause = Date.parse(String(event?.['due_at'])) - fixture.clock.now();
      pauses.push(Math.round(pause / 1000));
      fixture.clock.advance(pause + 1);
      await blind.sweep();
    }
    expect(pauses).toEqual([30, 120, 120, 240, 480, 960]);
    expect(blind.deps.telemetry.count('ProcessingFailed')).toBe(7);
    expect(blind.deps.telemetry.count('ProcessingStuck')).toBe(2);
  });
});
