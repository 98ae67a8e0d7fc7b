import { oweAgain } from '../../../lib/flow/deliver/owe-again.ts';
import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { eventIds, fiveEvents } from './five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from './fixture.ts';
import { interrupted } from './interrupted.ts';
import { leftovers } from './invariants.ts';
import { fine, startUnrulyReceiver, status, type UnrulyReceiver } from './unruly-receiver.ts';

let receiver: UnrulyReceiver;
beforeEach(async () => {
  receiver = await startUnrulyReceiver();
});
afterEach(() => receiver.close());

const key = (sequence: number) => ({ incidentId: 'Q1', destination: 'hook', sequence });

/** An incident whose five deliveries were refused for good. */
async function givenUp(): Promise<{ fixture: Fixture; bridge: TestBridge }> {
  const fixture = await createFixture();
  const bridge = fixture.bridge([hook('hook', receiver)]);
  receiver.always(() => status(400));
  for (const body of fiveEvents('Q1')) await bridge.deliver(body);
  expect(fixture.rows('incidents')).toMatchObject([{ forwarding: 'settled' }]);
  receiver.always(() => fine);
  return { fixture, bridge };
}

const depsOf = ({ store, clock }: Fixture, bridge: TestBridge) => ({
  store,
  clock,
  config: bridge.deps.config,
});

describe('a delivery that is sent again by hand', () => {
  it('is owed by its incident, whatever moment of a sweep it hits', async () => {
    const run = async (at: number) => {
      const { fixture, bridge } = await givenUp();
      const deps = depsOf(fixture, bridge);
      await oweAgain(deps, key(1));
      const { store, counter } = interrupted(fixture.store, at, async () => {
        expect(await oweAgain(deps, key(2))).toBe('redriven');
        receiver.always(() => status(503));
      });
      await createSweep({ ...bridge.deps, store })(60_000);
      return { fixture, bridge, calls: counter.calls };
    };
    const { calls } = await run(0);
    for (let at = 1; at <= calls; at += 1) {
      const { fixture, bridge } = await run(at);
      expect([at, fixture.rows('incidents')[0]?.['forwarding']]).toEqual([at, 'pending']);
      expect([at, fixture.rows('incidents')[0]]).toEqual([
        at,
        expect.not.objectContaining({ expires_at: 1 }),
      ]);
      receiver.always(() => fine);
      await letTimePass(bridge, fixture.clock, { total: 2 * hour, step: minutes(5) });
      expect([at, leftovers(fixture)]).toEqual([at, []]);
      expect(fixture.rows('incidents')[0]).toHaveProperty('expires_at');
    }
    expect(receiver.firstReceipts()).toEqual(expect.arrayContaining(eventIds('Q1').slice(0, 2)));
  });

  it('leaves nothing behind when the command is killed, whatever moment that hits', async () => {
    const run = async (at: number) => {
      const { fixture, bridge } = await givenUp();
      const { store, counter } = interrupted(fixture.store, at, 'dies');
      await oweAgain({ ...depsOf(fixture, bridge), store }, key(1)).catch(() => {});
      return { fixture, bridge, calls: counter.calls };
    };
    const { calls } = await run(0);
    expect(calls).toBeGreaterThan(3);
    for (let at = 1; at <= calls; at += 1) {
      const { fixture, bridge } = await run(at);
      await letTimePass(bridge, fixture.clock, { total: 2 * hour, step: minutes(5) });
      expect([at, leftovers(fixture)]).toEqual([at, []]);
      expect(fixture.rows('incidents')[0]).toHaveProperty('expires_at');
    }
  });

  it('does not use up the horizon of the one that waits behind it', async () => {
    const { fixture, bridge } = await givenUp();
    const deps = depsOf(fixture, bridge);
    receiver.always(() => status(503));
    await oweAgain(deps, key(2));
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(5) });
    expect(fixture.deliveries('hook')[1]).toHaveProperty('owed_since');
    await oweAgain(deps, key(1));
    await letTimePass(bridge, fixture.clock, {
      total: 169 * hour,
      step: hour,
      enough: () => fixture.deliveries('hook')[0]?.['status'] === 'dead',
    });
    expect(fixture.deliveries('hook')[0]).toMatchObject({ status: 'dead' });
    receiver.always(() => fine);
    await letTimePass(bridge, fixture.clock, { total: 2 * hour, step: minutes(5) });
    expect(fixture.deliveries('hook')[1]).toMatchObject({ status: 'delivered' });
    expect(leftovers(fixture)).toEqual([]);
  });
});
