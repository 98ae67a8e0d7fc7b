import { deliveriesOf } from '../../../lib/store/deliveries/list.ts';
import { readLog } from '../../../lib/store/events/events.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { frozenAfter } from '../../../lib/store/outgoing/outgoing.ts';
import { createDice } from '../../simulation/dice.ts';
import { type SentEvent, toldWithOwnId } from '../../simulation/pagerduty/incident-picture.ts';
import { tellIncident } from '../../simulation/pagerduty/incident-story.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { memoryStore } from '../import/fixture.ts';

const service = { id: 'PF9KMXH', name: 'Checkout API', teams: [{ id: 'PFCVPS0', name: 'Payments' }] };
const cast = { services: [service], priorities: ['P1', 'P2'] };
const start = Date.parse('2026-06-20T09:58:41.300Z');

interface Webhook {
  subscription: string;
  event: SentEvent;
}

/** What the bridge makes of webhooks in this order, each worked on before the next one comes, or all at once. */
async function bridgeAfter(webhooks: readonly Webhook[], oneByOne: boolean) {
  const clock = createTestClock(Date.parse('2026-07-01T00:00:00Z'));
  const store = memoryStore(clock);
  const config = { unmatched: 'passthrough' as const, destinations: [{ name: 'screen', type: 'console' }] };
  const bridge = createTestBridge(store, { clock, config });
  const id = String(webhooks[0]?.event.incidentId);
  const wakeAll = async () => {
    for (const { logKey, dueAt } of await readLog(store, id))
      if (dueAt !== undefined) await bridge.wake(id, logKey);
  };
  for (const { subscription, event } of webhooks) {
    await bridge.send(event.body, { 'x-webhook-subscription': subscription });
    if (oneByOne) await wakeAll();
  }
  await wakeAll();
  await bridge.sweep();
  const row = (await readIncident(store, id)) ?? {};
  const frozen = await frozenAfter(store, id, 0);
  const deliveries = await deliveriesOf(store, id);
  return { row, frozen, deliveries, log: await readLog(store, id) };
}

const shown = [
  ...['status', 'event_count', 'reopen_count', 'escalation_count', 'reassignment_count', 'custom_fields'],
  ...['started_at', 'acknowledged_at', 'finished_at', 'time_to_restore_seconds', 'last_event_at'],
  ...['time_to_acknowledge_seconds', 'title', 'priority', 'forwarding'],
];

describe('an incident of which two subscriptions tell under ids of their own', () => {
  it.each(Array.from({ length: 14 }, (_, seed) => seed))(
    'counts and goes out once, in any order, also where some come by one only (seed %i)',
    async (seed) => {
      const dice = createDice(seed, 'own ids');
      const story = tellIncident(dice, cast, start, 1, dice.between(1, 12));
      const one = story.map((event): Webhook => ({ subscription: 'PSUB001', event }));
      const begin = dice.pick(['0', 'Z']);
      const other = story.map(
        (event): Webhook => ({
          subscription: 'PSUB002',
          event: toldWithOwnId(event, begin),
        }),
      );
      const lost = dice.between(0, story.length);
      const both = [...one.filter((_, at) => at !== lost), ...other.filter((_, at) => at !== lost - 1)];
      const alone = await bridgeAfter(one, true);
      const twice = await bridgeAfter(dice.shuffled(both), dice.chance(0.7));
      expect(shown.map((name) => [name, twice.row[name]])).toEqual(
        shown.map((name) => [name, alone.row[name]]),
      );
      expect(twice.frozen.map(({ event }) => event.type).sort()).toEqual(
        alone.frozen.map(({ event }) => event.type).sort(),
      );
      expect(twice.deliveries.map((row) => row['status'])).toEqual(story.map(() => 'delivered'));
      expect(twice.log).toHaveLength(both.length);
      expect(twice.log.filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
    },
  );
});
