import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import { readAccountIncident } from '../../../lib/domain/pagerduty/history/account-incident.ts';
import { importIncident, type Purpose } from '../../../lib/flow/import/import-incident.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { deliveriesOf } from '../../../lib/store/deliveries/list.ts';
import { readLog } from '../../../lib/store/events/events.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { frozenAfter } from '../../../lib/store/outgoing/outgoing.ts';
import { createDice } from '../../simulation/dice.ts';
import type { SentEvent } from '../../simulation/pagerduty/incident-picture.ts';
import { tellIncident } from '../../simulation/pagerduty/incident-story.ts';
import { createTestBridge, createTestClock, type TestBridge, type TestClock } from '../../support/bridge.ts';
import { restViewOf } from '../../support/pagerduty/rest-view.ts';
import { accountWith, memoryStore, virtualClock } from './fixture.ts';

const service = { id: 'PF9KMXH', name: 'Checkout API', teams: [{ id: 'PFCVPS0', name: 'Payments' }] };
const other = { id: 'PTEAM01', name: 'Search', teams: [] };
const cast = { services: [service, other], priorities: ['P1', 'P2'] };
const start = Date.parse('2026-06-20T09:58:41.300Z');
const entry: CatalogService = {
  type: 'service',
  name: 'checkout-api',
  kind: 'service',
  namespace: 'default',
  team: 'payments',
  format: 'datadog-v3',
};

async function bridgeOn(store: Store, clock: TestClock): Promise<TestBridge> {
  const bridge = createTestBridge(store, {
    clock,
    config: { unmatched: 'passthrough', destinations: [{ name: 'screen', type: 'console' }] },
  });
  await pushCatalog({ ...bridge.deps }, { source: 'default', entries: [entry] });
  return bridge;
}

interface World {
  bridge: TestBridge;
  store: Store;
  webhook(event: SentEvent): Promise<void>;
  imported(purpose: Purpose): Promise<void>;
}

async function worldOf(story: readonly SentEvent[]): Promise<World> {
  const clock = createTestClock(Date.parse('2026-07-01T00:00:00Z'));
  const store = memoryStore(clock);
  const bridge = await bridgeOn(store, clock);
  const view = restViewOf(story);
  const { api } = accountWith(virtualClock(), { incidents: [view] });
  const wakeAll = async () => {
    for (const { logKey, dueAt } of await readLog(store, view.id)) {
      if (dueAt !== undefined) await bridge.wake(view.id, logKey);
    }
  };
  return {
    bridge,
    store,
    webhook: async ({ body }) => {
      await bridge.send(body);
      await wakeAll();
    },
    imported: async (purpose) => {
      const incident = readAccountIncident(view.shown);
      if (!incident) throw new Error('the view is no incident');
      await importIncident({ api, store, clock }, incident, purpose, Number.POSITIVE_INFINITY);
      await wakeAll();
    },
  };
}

/** What an import may know to the second only, and what says that there was one. */
const seconds = [
  ...['acknowledged_at', 'finished_at', 'last_event_at', 'at'],
  ...['time_to_restore_seconds', 'time_to_acknowledge_seconds'],
];
const workings = [
  ...['fold', 'folded_through', 'frozen_through', 'epoch', 'lease', 'lease_until', 'matches', 'facts'],
  ...['whole_log', 'imported', 'expires_at', 'updated_at', 'wakes', 'woken', 'former_services'],
];

const comparable = (row: Row | undefined): Row =>
  Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !workings.includes(name)));

function shuffledSteps(story: readonly SentEvent[], seed: number): (SentEvent | Purpose)[] {
  const dice = createDice(seed, 'order');
  const steps: (SentEvent | Purpose)[] = dice.chance(0.5) ? [...story] : dice.shuffled(story);
  for (let count = 0; count < 2; count += 1)
    steps.splice(dice.between(0, steps.length), 0, dice.pick(['history', 'repair'] as const));
  return steps;
}

const seeds = Array.from({ length: 16 }, (_, seed) => seed);

describe('webhooks and imports of one incident, in any order', () => {
  it.each(seeds)(
    'make the row, the counts and the sequences that the webhooks alone make (seed %i)',
    async (seed) => {
      const dice = createDice(seed, 'twins');
      const story = tellIncident(dice, cast, start, 1, dice.between(1, 14));
      const alone = await worldOf(story);
      for (const event of story) await alone.webhook(event);
      const mixed = await worldOf(story);
      for (const step of shuffledSteps(story, seed)) {
        if (typeof step === 'string') await mixed.imported(step);
        else await mixed.webhook(step);
      }
      // What was released is due by a mark of its own.
      await mixed.bridge.sweep();
      const id = String(story[0]?.incidentId);
      const [wanted, got] = [await readIncident(alone.store, id), await readIncident(mixed.store, id)];
      expect(comparable(got)).toEqual(comparable(wanted));
      expect(got?.['forwarding']).toBe('settled');
      const frozen = await frozenAfter(mixed.store, id, 0);
      expect(frozen.map(({ event }) => event.type).sort()).toEqual(
        (await frozenAfter(alone.store, id, 0)).map(({ event }) => event.type).sort(),
      );
      // Everything that a webhook told was sent, once.
      const deliveries = await deliveriesOf(mixed.store, id);
      expect(deliveries.map((row) => row['status'])).toEqual(story.map(() => 'delivered'));
      const log = await readLog(mixed.store, id);
      expect(log.filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
    },
  );
});

describe('an import alone', () => {
  it.each(seeds.slice(0, 8))(
    'makes the row of the webhooks, to the second, and is sent to nobody (seed %i)',
    async (seed) => {
      const dice = createDice(seed, 'alone');
      const story = tellIncident(dice, cast, start, 1, dice.between(1, 14));
      const alone = await worldOf(story);
      for (const event of story) await alone.webhook(event);
      const past = await worldOf(story);
      await past.imported('history');
      const first = comparable(await readIncident(past.store, String(story[0]?.incidentId)));
      await past.imported('history');
      const id = String(story[0]?.incidentId);
      const row = await readIncident(past.store, id);
      expect(comparable(row)).toEqual(first);
      const wanted = await readIncident(alone.store, id);
      for (const name of [
        'title',
        'priority',
        'urgency',
        'merged_into',
        'pagerduty_service_id',
        'team',
        'started_at',
      ])
        expect([name, row?.[name]]).toEqual([name, wanted?.[name]]);
      for (const name of seconds.filter((each) => each.endsWith('_at'))) {
        if (name === 'last_event_at' || wanted?.[name] === undefined) continue;
        expect(Math.abs(Date.parse(String(row?.[name])) - Date.parse(String(wanted[name])))).toBeLessThan(
          1000,
        );
      }
      // The stand-in's webhooks say of an escalated incident that it is still acknowledged.
      expect(row?.['status'] === 'resolved').toBe(wanted?.['status'] === 'resolved');
      expect(row?.['imported']).toBe(true);
      expect(await deliveriesOf(past.store, id)).toEqual([]);
      const frozen = await frozenAfter(past.store, id, 0);
      expect(frozen.every(({ event }) => 'imported' in event && event.imported === true)).toBe(true);
    },
  );
});
