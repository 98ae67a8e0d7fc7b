import type { Store } from '../../../lib/store/database/dynamo.ts';
import { readLog } from '../../../lib/store/events/events.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { frozenAfter } from '../../../lib/store/outgoing/outgoing.ts';
import { readReconciled, saveReconciled } from '../../../lib/store/state/reconciled.ts';
import { createWorld, minute, type Surroundings, subscriptionOf, type World } from './fixture.ts';
import { search, type Telling, tell } from './stories.ts';

const start = Date.parse('2026-06-20T00:00:00Z');
const hour = 60 * minute;
const acknowledged: Telling[1] = 'acknowledged';
const to = (status: 'acknowledged' | 'resolved' | 'triggered') => (incident: { status: string }) => {
  incident.status = status;
};
const opened: Telling = [20, 'triggered'];
const known: Telling = [30, acknowledged, to('acknowledged')];
const ended: Telling = [90, 'resolved', to('resolved')];

/** Of `QONE` the first `heard` events came by webhook, of the others none; reconcile has begun before. */
async function after(tellings: Telling[], heard: number, surroundings: Surroundings = {}): Promise<World> {
  const story = tell('QONE', start, tellings);
  const world = await createWorld(start, [story], surroundings);
  await world.compare();
  for (const event of story.slice(0, heard)) await world.webhook(event);
  world.until(start + 3 * hour);
  return world;
}

const typesOf = async ({ store }: World, id = 'QONE') =>
  (await frozenAfter(store, id, 0)).map(({ event }) => event.type.replace('incident.', ''));

describe('what webhooks did not tell', () => {
  it.each<[string, Telling[], number, string, string[]]>([
    ['nothing of it', [opened, known, ended], 0, 'unknown', ['triggered', acknowledged, 'resolved']],
    ['its end', [opened, known, ended], 2, 'status', ['resolved']],
    ['that it was acknowledged', [opened, known], 1, 'status', [acknowledged]],
    [
      'that it was moved',
      [
        opened,
        [
          40,
          'service_updated',
          (incident) => {
            incident.service = search;
          },
        ],
      ],
      1,
      'service',
      ['service_updated'],
    ],
    [
      'its priority',
      [
        opened,
        [
          40,
          'priority_updated',
          (incident) => {
            incident.priority = null;
          },
        ],
      ],
      1,
      'priority',
      ['priority_updated'],
    ],
    [
      'that it went on',
      [opened, [40, 'resolved', to('resolved')], [50, 'reopened', to('triggered')], ended],
      2,
      'end',
      ['reopened', 'resolved'],
    ],
  ])('is found: %s', async (_what, tellings, heard, why, missing) => {
    const world = await after(tellings, heard);
    const { repaired, finished } = await world.compare();
    expect(repaired).toEqual([
      { incidentId: 'QONE', why, events: missing.map((type) => `incident.${type}`) },
    ]);
    expect(finished).toBe(true);
    expect(await typesOf(world)).toEqual(tellings.map(([, type]) => type));
    world.clock.advance(hour);
    expect(await world.compare()).toMatchObject({ events: 0, repaired: [] });
  });

  it('is found in the log of the day where no list can show it', async () => {
    const note = { type: 'incident_note', content: 'Looking into it' };
    const world = await after([opened, known, [60, 'annotated', note]], 2);
    expect((await world.compare()).events).toBe(0);
    world.clock.advance(24 * hour);
    expect((await world.compare()).repaired).toMatchObject([{ why: 'log', events: ['incident.annotated'] }]);
  });

  it('is the end of an incident that PagerDuty closed before the time that is compared', async () => {
    const world = await after([opened, known, [35, 'resolved', to('resolved')]], 2);
    const { seen, reconciled } = await readReconciled(world.store);
    if (!reconciled) throw new Error('nothing is kept');
    const later = { ...reconciled, resolvedThroughMs: start + 2 * hour, entriesThroughMs: start + 2 * hour };
    await saveReconciled(world.store, { seen, reconciled }, later, start);
    const { repaired, requests } = await world.compare();
    expect(requests).toContain('GET /incidents/QONE?time_zone=UTC');
    expect(repaired).toMatchObject([{ events: ['incident.resolved'] }]);
  });

  it('is left to webhooks for ten minutes', async () => {
    const world = await after([opened, known, [175, 'resolved', to('resolved')]], 2);
    expect((await world.compare()).events).toBe(0);
    world.clock.advance(6 * minute);
    expect((await world.compare()).events).toBe(1);
  });

  it('counts once when the webhook comes after all', async () => {
    const world = await after([opened, known, ended], 1);
    await world.compare();
    for (const event of tell('QONE', start, [opened, known, ended])) await world.webhook(event);
    expect(await typesOf(world)).toEqual(['triggered', acknowledged, 'resolved']);
    expect(await readIncident(world.store, 'QONE')).toMatchObject({
      event_count: 3,
      time_to_restore_seconds: 70 * 60,
    });
  });

  it('is written down by no dry run, which says what is missing', async () => {
    const world = await after([opened, known, ended], 1);
    const before = await readReconciled(world.store);
    expect(await world.compare({ dryRun: true })).toMatchObject({ events: 2 });
    expect(await readLog(world.store, 'QONE')).toHaveLength(1);
    expect(await readReconciled(world.store)).toEqual(before);
  });
});

describe('what is not missing', () => {
  it('is an incident of the time before reconcile began, unless somebody asks for that time', async () => {
    const story = tell('QONE', start, [opened, known]);
    const world = await createWorld(start + 3 * hour, [story]);
    expect(await world.compare()).toMatchObject({ events: 0, past: 1 });
    expect(await world.compare({ sinceMs: start })).toMatchObject({ events: 2, past: 0 });
  });

  it.each<[string, Parameters<typeof subscriptionOf>[0], number]>([
    [
      'events that the subscription does not send',
      { events: ['incident.triggered', 'incident.resolved'] },
      2,
    ],
    [
      'incidents of another service than it is for',
      { filter: { type: 'service_reference', id: 'POTHER' } },
      0,
    ],
    ['those of its own service are', { filter: { type: 'service_reference', id: 'PF9KMXH' } }, 3],
    ['incidents of another team than it is for', { filter: { type: 'team_reference', id: 'POTHER' } }, 0],
    ['those of its own team are', { filter: { type: 'team_reference', id: 'PFCVPS0' } }, 3],
  ])('are %s', async (_what, given, written) => {
    const account = { subscriptions: [subscriptionOf(given)] };
    const world = await after([opened, known, ended], 0, { account });
    expect((await world.compare()).events).toBe(written);
  });

  it('is what its log cannot tell: that is not asked for again and again', async () => {
    const world = await after([opened, known], 2);
    world.account.weather = ({ path }) =>
      path.includes('statuses%5B%5D=triggered')
        ? {
            status: 200,
            body: { incidents: world.account.incidents.map(({ shown }) => ({ ...shown, priority: null })) },
          }
        : undefined;
    const first = await world.compare();
    expect(first.events).toBe(0);
    expect(first.requests.filter((each) => each.includes('/log_entries'))).toHaveLength(1);
    world.clock.advance(hour);
    expect((await world.compare()).requests.filter((each) => each.includes('/log_entries'))).toEqual([]);
  });

  it('is what happened so long ago that it may have been told and forgotten', async () => {
    const world = await after([opened, known, ended], 1);
    const report = await world.compare({}, { retentionDays: 1 });
    expect(report.events).toBe(0);
  });
});

/** Throws at the nth call of the database or of PagerDuty, as if the process had ended there. */
function deadline() {
  let left = Number.POSITIVE_INFINITY;
  const step = () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  const tap = (store: Store): Store => ({
    ...store,
    db: {
      send: async (command) => {
        step();
        return store.db.send(command);
      },
    },
  });
  const account = {
    weather: () => {
      step();
      return undefined;
    },
  };
  return {
    surroundings: { tap, account },
    dieAfter: (steps: number) => {
      left = steps;
    },
  };
}

describe('a run that is cut off', () => {
  it('at any await is gone on with: each event is written once', async () => {
    for (let steps = 0; ; steps += 1) {
      const { surroundings, dieAfter } = deadline();
      const world = await after([opened, known, ended], 1, surroundings);
      dieAfter(steps);
      const outcome = await world.compare().catch((error: Error) => error.message);
      dieAfter(Number.POSITIVE_INFINITY);
      await world.compare();
      expect([steps, await typesOf(world)]).toEqual([steps, ['triggered', acknowledged, 'resolved']]);
      expect(await readLog(world.store, 'QONE')).toHaveLength(3);
      if (outcome !== 'killed') break;
    }
  });

  it('by its time says so, and the next one does the rest', async () => {
    const world = await after([opened, known, ended], 1);
    const stopped = await world.compare({ stopAtMs: 0 });
    expect(stopped).toMatchObject({ finished: false, events: 0 });
    const { reconciled } = await readReconciled(world.store);
    expect(reconciled?.resolvedThroughMs).toBeLessThan(start);
    expect(await world.compare()).toMatchObject({ finished: true, events: 2 });
  });

  it('by a limit that is lowered meanwhile waits, and comes to the same end', async () => {
    const world = await after([opened, known, ended], 1);
    world.account.rateLimit = 3;
    expect(await world.compare()).toMatchObject({ finished: true, events: 2 });
  });

  it('by another one leaves its watermark alone', async () => {
    const world = await after([opened, known, ended], 1);
    let other = Promise.resolve<unknown>(undefined);
    world.account.weather = ({ path }) => {
      if (path.includes('resolved_at')) {
        world.account.weather = () => undefined;
        other = world.compare();
      }
      return undefined;
    };
    const one = await world.compare().catch((error: Error) => error);
    const both = [one, await other.catch((error: Error) => error)];
    expect(both.filter((each) => each instanceof Error).map(String)).toEqual([
      expect.stringContaining('ReconcileElsewhere'),
    ]);
    expect(await typesOf(world)).toEqual(['triggered', acknowledged, 'resolved']);
  });
});
