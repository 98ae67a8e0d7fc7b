import { claimDelivery } from '../../../lib/store/deliveries/deliveries.ts';
import { releaseNext } from '../../../lib/store/deliveries/delivery-order.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { eventIds, fiveEvents } from './five-events.ts';
import { createFixture, hook, hour, letTimePass, minutes } from './fixture.ts';
import { leftovers, watchInvariants } from './invariants.ts';
import { fine, startUnrulyReceiver, status, type UnrulyReceiver } from './unruly-receiver.ts';

let receiver: UnrulyReceiver;

beforeEach(async () => {
  receiver = await startUnrulyReceiver();
});
afterEach(() => receiver.close());

/** Found by the simulator (seed 16967): a row due for hours that could not be sent, looked at by every sweep. */
describe('a delivery whose predecessor was about to end when its worker died', () => {
  it('stays due while that may still happen, and waits again without a mark when it did not', async () => {
    const fixture = await createFixture();
    const { store, clock } = fixture;
    const watch = watchInvariants(fixture);
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.always(() => status(503));
    const [first, second] = fiveEvents('Q1') as [WebhookBody, WebhookBody];
    await bridge.deliver(first);
    await bridge.deliver(second);
    const place = { incidentId: 'Q1', destination: 'hook' };
    const waiting = () => fixture.deliveries('hook')[1];
    expect(waiting()).not.toHaveProperty('due_at');

    const claim = { token: 'about to end it', untilMs: clock.now() + 45_000 };
    await claimDelivery(store, { ...place, sequence: 1 }, claim, clock.now());
    await releaseNext(store, { ...place, sequence: 2 }, claim, clock.now());
    await bridge.sweep();
    expect(waiting()).toHaveProperty('due_at');

    await letTimePass(bridge, clock, { total: hour, step: minutes(1) });
    expect(fixture.deliveries('hook')[0]).toMatchObject({ status: 'pending' });
    expect(waiting()).toMatchObject({ status: 'pending' });
    expect(waiting()).not.toHaveProperty('due_at');

    receiver.always(() => fine);
    await letTimePass(bridge, clock, { total: 2 * hour, step: minutes(1) });
    expect(receiver.firstReceipts()).toEqual(eventIds('Q1').slice(0, 2));
    expect(leftovers(fixture)).toEqual([]);
    expect(watch.found).toEqual([]);
  });
});
