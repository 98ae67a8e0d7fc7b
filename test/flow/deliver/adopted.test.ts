import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { pinService, unpinService } from '../../../lib/store/mappings/mappings.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { eventIds, fiveEvents, pinnedService } from './five-events.ts';
import { createFixture, hook, hour, letTimePass, minutes } from './fixture.ts';
import { leftovers } from './invariants.ts';
import { startUnrulyReceiver, type UnrulyReceiver } from './unruly-receiver.ts';

let receiver: UnrulyReceiver;
beforeEach(async () => {
  receiver = await startUnrulyReceiver();
});
afterEach(() => receiver.close());

type Command = { input: object };
const isFreezing = ({ input }: Command) => 'Item' in input && 'incident_event' in (input.Item as object);
const isCommit = ({ input }: Command) =>
  'UpdateExpression' in input && String(input.UpdateExpression).includes('#folded_through');

describe('an event that a worker froze after it had been held by another one', () => {
  it('is sent although the one that finds it frozen dies before it has sent anything', async () => {
    const fixture = await createFixture();
    const bridge = fixture.bridge([hook('hook', receiver)]);
    const [first, second] = fiveEvents('Q1') as [WebhookBody, WebhookBody];
    await bridge.send(first);
    fixture.clock.advance(minutes(1));

    let stoodStill = false;
    const standingStill: Store['db']['send'] = async (command) => {
      if (isFreezing(command) && !stoodStill) {
        stoodStill = true;
        await unpinService(fixture.store, pinnedService.id);
        fixture.clock.advance(minutes(30));
        await bridge.sweep();
        expect(fixture.rows('incidents')).toMatchObject([{ forwarding: 'held' }]);
      }
      return fixture.store.db.send(command);
    };
    await createSweep({ ...bridge.deps, store: { ...fixture.store, db: { send: standingStill } } })(60_000);
    expect(stoodStill).toBe(true);
    expect(fixture.rows('outgoing')).toHaveLength(1);

    await pinService(fixture.store, pinnedService.id, { services: ['checkout-api'], team: 'payments' });
    fixture.clock.advance(minutes(1));
    await new Promise<void>((died) => {
      let dead = false;
      const dying: Store['db']['send'] = async (command) => {
        if (dead) return new Promise<never>(() => {});
        const answer = await fixture.store.db.send(command);
        if (isCommit(command)) {
          dead = true;
          died();
        }
        return answer;
      };
      void createSweep({ ...bridge.deps, store: { ...fixture.store, db: { send: dying } } })(60_000);
    });
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(1) });
    expect(receiver.firstReceipts()).toEqual(eventIds('Q1').slice(0, 1));

    await bridge.deliver(second);
    await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(1) });
    expect(receiver.firstReceipts()).toEqual(eventIds('Q1').slice(0, 2));
    expect(leftovers(fixture)).toEqual([]);
  });
});
