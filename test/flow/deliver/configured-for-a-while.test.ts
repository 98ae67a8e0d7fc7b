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

/** Found by the simulator: two deployments side by side leave a gap in a destination's line. */
describe('a destination that one of two deployments does not know', () => {
  it('gets what it is owed in order, and the incident is not settled before', async () => {
    const fixture = await createFixture();
    const watch = watchInvariants(fixture);
    const knows = fixture.bridge([hook('hook', receiver)]);
    const doesNot = fixture.bridge([{ name: 'log', type: 'console' }]);
    const [first, second, third, fourth, fifth] = fiveEvents('Q1') as [
      WebhookBody,
      WebhookBody,
      WebhookBody,
      WebhookBody,
      WebhookBody,
    ];
    let up = false;
    receiver.always(({ headers }) => (up || headers['webhook-id'] !== 'Q1-1' ? fine : status(503)));

    await knows.deliver(first);
    await knows.deliver(second);
    await doesNot.deliver(third);
    await doesNot.deliver(fourth);
    expect(fixture.rows('incidents')).toMatchObject([{ forwarding: 'pending', last_sequence: 4 }]);
    await knows.deliver(fifth);
    expect(watch.found).toEqual([]);
    up = true;
    await letTimePass(knows, fixture.clock, { total: hour, step: minutes(1) });

    const [one, two, , , five] = eventIds('Q1');
    expect(receiver.firstReceipts()).toEqual([one, two, five]);
    expect(leftovers(fixture)).toEqual([]);
    expect(watch.found).toEqual([]);
  });
});
