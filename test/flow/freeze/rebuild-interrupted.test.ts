import { rebuildIncident } from '../../../lib/flow/freeze/rebuild-incident.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { remove, update } from '../../../lib/store/database/request.ts';
import { pinService, unpinService } from '../../../lib/store/mappings/mappings.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { fiveEvents, pinnedService } from '../deliver/five-events.ts';
import { createFixture, hook, hour, letTimePass, minutes } from '../deliver/fixture.ts';
import { interrupted } from '../deliver/interrupted.ts';
import { leftovers } from '../deliver/invariants.ts';
import { startUnrulyReceiver, status, type UnrulyReceiver } from '../deliver/unruly-receiver.ts';

let receiver: UnrulyReceiver;
beforeEach(async () => {
  receiver = await startUnrulyReceiver();
});
afterEach(() => receiver.close());

const [first] = fiveEvents('Q1') as [WebhookBody];
const incident = { incident_id: 'Q1' };
const isCommit = ({ input }: { input: object }) =>
  'ConditionExpression' in input && String(input.ConditionExpression).startsWith('#epoch = :epoch');

describe('pdbridge incidents rebuild', () => {
  it('of a lost row, killed at whatever moment, keeps nobody from sending what was held', async () => {
    const run = async (at: number) => {
      const fixture = await createFixture();
      const bridge = fixture.bridge([hook('hook', receiver)]);
      await unpinService(fixture.store, pinnedService.id);
      await bridge.deliver(first);
      await remove(fixture.store, 'incidents', incident);
      const { store, counter } = interrupted(fixture.store, at, 'dies');
      await rebuildIncident(store, bridge.deps.config, 'Q1', 'killed', fixture.clock.now()).catch(() => {});
      return { fixture, bridge, calls: counter.calls };
    };
    const { calls } = await run(0);
    expect(calls).toBeGreaterThan(4);
    for (let at = 1; at <= calls; at += 1) {
      const { fixture, bridge } = await run(at);
      fixture.clock.advance(minutes(1));
      await rebuildIncident(fixture.store, bridge.deps.config, 'Q1', 'again', fixture.clock.now());
      await pinService(fixture.store, pinnedService.id, { services: ['checkout-api'], team: 'payments' });
      receiver.arrivals.length = 0;
      await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(5) });
      expect([at, receiver.arrivals.length, leftovers(fixture)]).toEqual([at, 1, []]);
    }
  });

  it('leaves it to the bridge what the row says of forwarding', async () => {
    const fixture = await createFixture();
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.next(status(503));
    await bridge.deliver(first);
    await update(fixture.store, 'incidents', incident, { set: { team: 'wrong' } });
    fixture.clock.advance(hour);
    const send: Store['db']['send'] = async (command) => {
      if (isCommit(command)) await bridge.sweep();
      return fixture.store.db.send(command);
    };
    const store = { ...fixture.store, db: { send } };
    const { outcome } = await rebuildIncident(store, bridge.deps.config, 'Q1', 'me', fixture.clock.now());
    expect(outcome).toBe('rebuilt');
    expect(leftovers(fixture)).toEqual([]);
  });
});
