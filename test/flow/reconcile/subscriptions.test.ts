import type { StandInSubscription } from '../../support/pagerduty/account.ts';
import { createWorld, minute, subscriptionOf, type World } from './fixture.ts';
import { tell } from './stories.ts';

const start = Date.parse('2026-06-20T00:00:00Z');
const hour = 60 * minute;

async function watching(): Promise<World> {
  const world = await createWorld(start, []);
  await world.compare();
  world.clock.advance(hour);
  return world;
}

const metrics = ({ telemetry }: World) => ({
  disabled: telemetry.count('SubscriptionDisabled'),
  changed: telemetry.count('SubscriptionChanged'),
});

describe('the webhook subscription', () => {
  it.each<[string, (each: StandInSubscription, world: World) => void, string, object]>([
    ['is well', () => {}, 'well', { disabled: 0, changed: 0 }],
    [
      'is disabled by PagerDuty',
      (each) => {
        each.temporarilyDisabled = true;
      },
      'disabled',
      { disabled: 1, changed: 0 },
    ],
    [
      'is switched off by somebody',
      (each) => {
        each.active = false;
      },
      'off',
      { disabled: 1, changed: 0 },
    ],
    [
      'is gone',
      (_each, { account }) => {
        account.subscriptions = [];
      },
      'gone',
      { disabled: 1, changed: 1 },
    ],
    [
      'sends fewer events than before',
      (each) => {
        each.events = ['incident.triggered'];
      },
      'well',
      { disabled: 0, changed: 1 },
    ],
    [
      'was replaced by another',
      (_each, { account }) => {
        account.subscriptions = [subscriptionOf({ id: 'PSUB002' })];
      },
      'well',
      { disabled: 0, changed: 2 },
    ],
  ])('%s: that is said', async (_what, change, state, said) => {
    const world = await watching();
    change(world.subscription, world);
    const { subscriptions } = await world.compare();
    expect(subscriptions.map((each) => each.state)).toEqual([state]);
    expect(metrics(world)).toEqual(said);
  });

  it('that is gone or off stays an alarm until something sends again', async () => {
    const world = await watching();
    world.account.subscriptions = [];
    for (const _ of [1, 2, 3]) {
      await world.compare();
      world.clock.advance(hour);
    }
    expect(metrics(world).disabled).toBe(3);
    world.account.subscriptions = [subscriptionOf()];
    await world.compare();
    expect(metrics(world).disabled).toBe(3);
  });

  it('is known by the webhooks that came, where the address is not', async () => {
    const story = tell('QONE', start, [[20, 'triggered']]);
    const world = await createWorld(start, [story]);
    const unknown = { webhookUrl: undefined };
    expect((await world.compare({}, unknown)).subscriptions).toEqual([]);
    world.until(start + 20 * minute);
    await world.bridge.send(String(story[0]?.body), { 'x-webhook-subscription': 'PSUB001' });
    world.clock.advance(hour);
    await world.bridge.sweep();
    expect((await world.compare({}, unknown)).subscriptions).toEqual([{ id: 'PSUB001', state: 'well' }]);
  });
});

describe('a subscription that PagerDuty has disabled', () => {
  it('is left as it is, unless it is to be enabled', async () => {
    const world = await watching();
    world.subscription.temporarilyDisabled = true;
    await world.compare();
    expect(world.subscription.temporarilyDisabled).toBe(true);
    await world.compare({}, { enable: world.enable });
    expect(world.subscription.temporarilyDisabled).toBe(false);
  });

  it('is enabled three times a day at most, also by workers that die of it', async () => {
    const world = await watching();
    let times = 0;
    const enable = async () => {
      times += 1;
      throw new Error('killed');
    };
    for (const _ of [1, 2, 3, 4, 5]) {
      world.subscription.temporarilyDisabled = true;
      await world.compare({}, { enable }).catch(() => {});
      world.clock.advance(hour);
    }
    expect(times).toBe(3);
    expect(metrics(world).disabled).toBe(5);
    world.clock.advance(24 * hour);
    await world.compare({}, { enable: world.enable });
    expect(world.subscription.temporarilyDisabled).toBe(false);
  });

  it('is not enabled when somebody has switched it off, nor by a dry run', async () => {
    const world = await watching();
    Object.assign(world.subscription, { active: false, temporarilyDisabled: true });
    await world.compare({}, { enable: world.enable });
    expect(world.subscription).toMatchObject({ active: false, temporarilyDisabled: true });
    world.subscription.active = true;
    await world.compare({ dryRun: true }, { enable: world.enable });
    expect(world.subscription.temporarilyDisabled).toBe(true);
  });
});
