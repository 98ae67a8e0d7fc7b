import fc from 'fast-check';
import { sightingEntry } from '../../../lib/domain/deployment/versions/sighting-entry.ts';
import { createSeenVersions } from '../../../lib/flow/ingest/seen-versions.ts';
import { loggedEvent } from '../../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../../lib/store/events/append-event.ts';
import { stride, tries } from '../../support/often.ts';
import { type Running, startFleet } from './fleet.ts';

const forever = 10_000;
const v = (version: string, from: number, to = forever, every = 1): Running => ({ version, from, to, every });
/** `many` instances that one after the other, over so many minutes, are replaced by a new version. */
const rolling = (from: string, to: string, at: number, over: number, many = 20): Running[] =>
  Array.from({ length: many }, (_, instance) => {
    const changed = at + Math.floor((instance * over) / many);
    return [v(from, 0, changed), v(to, changed)];
  }).flat();

interface Story {
  what: string;
  running: Running[];
  until: number;
  /** Version and minute. */
  deployed: [string, number][];
}

const stories: Story[] = [
  { what: 'one version for hours is no deployment', running: [v('1', 0)], until: 120, deployed: [] },
  {
    what: 'a new version at once is one',
    running: [v('1', 0, 30), v('2', 30)],
    until: 90,
    deployed: [['2', 30]],
  },
  {
    what: 'twenty instances replaced over ten minutes are one',
    running: rolling('1', '2', 30, 10),
    until: 90,
    deployed: [['2', 30]],
  },
  {
    what: 'instances replaced over forty minutes are one',
    running: rolling('1', '2', 30, 40, 8),
    until: 150,
    deployed: [['2', 30]],
  },
  {
    what: 'a canary that is withdrawn is none',
    running: [v('1', 0), v('2', 30, 40)],
    until: 120,
    deployed: [],
  },
  {
    what: 'a canary that comes back to stay is one from then on',
    running: [v('1', 0, 120), v('2', 30, 40), v('2', 120)],
    until: 180,
    deployed: [['2', 120]],
  },
  {
    what: 'an older version that replaces a newer one is another',
    running: [v('1', 0, 30), v('2', 30, 90), v('1', 90)],
    until: 150,
    deployed: [
      ['2', 30],
      ['1', 90],
    ],
  },
  {
    what: 'an older version that replaces a newer one over five minutes is another',
    running: [
      v('1', 0, 30),
      ...rolling('2', '1', 90, 5).map((one) => ({ ...one, from: Math.max(30, one.from) })),
    ],
    until: 150,
    deployed: [
      ['2', 30],
      ['1', 90],
    ],
  },
  {
    what: 'blue beside green is one, as long as both report',
    running: [v('1', 0), v('2', 30)],
    until: 400,
    deployed: [['2', 30]],
  },
  {
    what: 'the same version after hours of silence is none',
    running: [v('1', 0, 30), v('1', 400)],
    until: 500,
    deployed: [],
  },
  {
    what: 'a version that replaces another after a pause is one',
    running: [v('1', 0, 30), v('2', 50)],
    until: 110,
    deployed: [['2', 50]],
  },
  {
    what: 'a version that reported once, after which nobody did, is one',
    running: [v('1', 0, 30), v('2', 31, 32)],
    until: 90,
    deployed: [['2', 31]],
  },
  {
    what: 'two versions, the second within the settling time of the first, are two',
    running: [v('1', 0, 30), v('2', 30, 36), v('3', 36)],
    until: 120,
    deployed: [
      ['2', 30],
      ['3', 36],
    ],
  },
  {
    what: 'a version forth, back and forth again are three',
    running: [v('1', 0, 30), v('2', 30, 90), v('1', 90, 150), v('2', 150)],
    until: 240,
    deployed: [
      ['2', 30],
      ['1', 90],
      ['2', 150],
    ],
  },
  {
    what: 'a job that reports once an hour is taken at its first run',
    running: [v('1', 0, 121, 60), v('2', 180, forever, 60)],
    until: 300,
    deployed: [['2', 180]],
  },
];

const byVersion = (a: { version: unknown }, b: { version: unknown }) =>
  String(a.version).localeCompare(String(b.version));
const told = (story: Story) =>
  story.deployed.map(([version, at]) => ({ version, at, service: 'checkout', env: 'prod' }));

describe('of what telemetry shows', () => {
  it.each(stories)('$what', async (story) => {
    const fleet = startFleet();
    await fleet.play(story.running, story.until);
    expect(await fleet.deployments()).toEqual(told(story));
  });

  it('blue that goes on when green is stopped is a rollback, at about the time of it', async () => {
    const fleet = startFleet();
    await fleet.play([v('1', 0), v('2', 30, 200)], 260);
    const [green, blue, ...more] = await fleet.deployments();
    expect(green).toMatchObject({ version: '2', at: 30 });
    expect(blue?.version).toBe('1');
    expect(Math.abs((blue?.at ?? 0) - 200)).toBeLessThanOrEqual(15);
    expect(more).toEqual([]);
  });

  it('the version that was there from the beginning comes back as a rollback', async () => {
    const fleet = startFleet();
    await fleet.play([v('1', 0, 30), v('2', 30, 90), v('1', 90)], 125);
    const rows = await fleet.rows('deployments');
    expect(rows.map(({ version, kind, sources }) => ({ version, kind, sources })).sort(byVersion)).toEqual([
      { version: '1', kind: 'rollback', sources: ['telemetry'] },
      { version: '2', kind: 'standard', sources: ['telemetry'] },
    ]);
    // What is in the log of deployments is taken off: when that log has expired, it must not be told again.
    expect((await fleet.rows('state')).find(({ unreported }) => unreported)?.['unreported']).toEqual([]);
  });

  it('a deployment that its pipeline reports too, over when the last instance is replaced, is one', async () => {
    const fleet = startFleet();
    await fleet.play(rolling('1', '2', 30, 40, 8), 72);
    const minute = (count: number) =>
      new Date(Date.parse('2026-05-04T08:00:00.000Z') + count * 60_000).toISOString();
    await fleet.report({
      source: 'github',
      service: 'checkout',
      env: 'prod',
      version: '2',
      status: 'succeeded',
      started_at: minute(28),
      finished_at: minute(71),
      custom_tags: [],
    });
    await fleet.play(rolling('1', '2', 30, 40, 8), 100);
    const rows = await fleet.rows('deployments');
    expect(rows.map(({ version, sources }) => ({ version, sources }))).toContainEqual({
      version: '2',
      sources: ['telemetry', 'github'],
    });
    expect(rows.filter(({ same_as }) => same_as === undefined)).toHaveLength(1);
  });

  it('what ran first is no deployment, though what followed was worked on before it, and that is one', async () => {
    const fleet = startFleet();
    const sight = async (version: string, minute: number) => {
      const running = { service: 'checkout', env: 'prod', version };
      const entry = sightingEntry(running, Date.parse('2026-05-04T08:00:00.000Z') + minute * 60_000);
      const now = fleet.clock.now();
      await appendEvent(fleet.deps.store, loggedEvent(entry, new Date(now).toISOString(), {}), now);
    };
    await fleet.play([], 31);
    await sight('2', 30);
    await fleet.play([], 40);
    await sight('1', 5);
    await fleet.play([], 120);
    expect(await fleet.deployments()).toEqual([{ version: '2', at: 30, service: 'checkout', env: 'prod' }]);
    const rows = await fleet.rows('events');
    expect(rows.filter(({ event_type, due_at }) => event_type === 'deployment.seen' && due_at)).toEqual([]);
  });

  it('a withdrawn canary is kept, and says that it is one', async () => {
    const fleet = startFleet();
    await fleet.play([v('1', 0), v('2', 30, 40)], 70);
    const [row] = await fleet.rows('state');
    expect(row).toMatchObject({ name: 'versions:checkout/prod', service: 'checkout', current_version: '1' });
    expect(row?.['versions']).toEqual([
      expect.objectContaining({ version: '2', standing: 'withdrawn', since: '2026-05-04T08:30:00.000Z' }),
      expect.objectContaining({ version: '1', standing: 'baseline' }),
    ]);
    const outcomes = (await fleet.rows('events')).map(({ outcome, due_at }) => ({ outcome, due_at }));
    expect(outcomes).toEqual([{ outcome: 'skipped: baseline' }, { outcome: 'skipped: withdrawn' }]);
  });

  it('a service is another one in another environment and another namespace', async () => {
    const fleet = startFleet();
    const test = { 'deployment.environment.name': 'test' };
    const shop = { 'service.namespace': 'shop' };
    await fleet.play(
      [v('1', 0), { ...v('2', 10), resource: test }, { ...v('3', 10), resource: shop }].concat({
        ...v('4', 30),
        resource: shop,
      }),
      90,
    );
    expect(await fleet.deployments()).toEqual([{ version: '4', at: 30, service: 'checkout', env: 'prod' }]);
    const [tags] = (await fleet.rows('events')).flatMap(({ event_type, body }) =>
      event_type === 'deployment.reported' ? [JSON.parse(String(body)).custom_tags] : [],
    );
    expect(tags).toEqual(['service.namespace:shop']);
  });
});

describe('functions that know nothing of each other', () => {
  const ways: [string, (version: string, minute: number) => number][] = [
    ['each hears one version', (version) => Number(version)],
    ['each hears all in turn', (version, minute) => Number(version) + minute],
    ['each hears one for half an hour', (version, minute) => Number(version) + Math.floor(minute / 30)],
  ];
  const telling = stories.filter(({ what }) => /canary|older|blue|new version/.test(what));
  describe.each(ways)('%s', (_how, via) => {
    it.each(telling)('$what', async (story) => {
      const fleet = startFleet({ functions: 3, via });
      await fleet.play(story.running, story.until);
      expect(await fleet.deployments()).toEqual(told(story));
    });
  });

  it('say the same as one, whoever hears what, how often, and whenever they are replaced', async () => {
    const story = fc.constantFrom(...stories.filter(({ until }) => until < 200));
    const minute = fc.record({ via: fc.nat(7), again: fc.boolean(), restarted: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(story, fc.infiniteStream(minute), fc.nat(4), async (given, minutes, lag) => {
        const fleet = startFleet({
          functions: 3,
          lag,
          via: () => {
            const { value } = minutes.next();
            if (value.restarted) fleet.restart(value.via);
            return value.via;
          },
        });
        const twice = given.running.flatMap((one) => [one, { ...one, every: (one.every ?? 1) * 2 }]);
        await fleet.play(twice, given.until + 15);
        expect(await fleet.deployments()).toEqual(told(given));
      }),
      { numRuns: tries(12) },
    );
  });
});

describe('what is written', () => {
  const counting = () => {
    const commands: string[] = [];
    return {
      commands,
      onCommand: (name: string, table: string, who: string) => {
        commands.push(`${who}: ${name.replace('Command', '')} ${table}`);
        return undefined;
      },
    };
  };

  it('is nothing, and nothing is read, for a hundred thousand exports of what is known', async () => {
    const { commands, onCommand } = counting();
    const fleet = startFleet({ onCommand });
    await fleet.play([v('1', 0)], 2);
    const seen = createSeenVersions({ ...fleet.deps, settleMs: 900_000 });
    const running = ['prod', 'test'].map((env) => ({ service: 'checkout', env, version: '1' }));
    const nowMs = fleet.deps.clock.now();
    await seen.weigh(running.slice(0, 1), nowMs);
    commands.length = 0;
    for (let count = 0; count < 100_000; count++) {
      const { events } = await seen.weigh(running.slice(0, 1), nowMs);
      if (events.length > 0) throw new Error('an event for what is known');
    }
    expect(commands).toEqual([]);
    expect((await seen.weigh(running, nowMs)).events).toHaveLength(1);
  });

  it('is of when the export came, however long whoever took it has stood still', async () => {
    const fleet = startFleet();
    await fleet.play([v('1', 0)], 2);
    const seen = createSeenVersions({ ...fleet.deps, settleMs: 900_000 });
    const cameAtMs = fleet.deps.clock.now() - 600_000;
    const { events } = await seen.weigh([{ service: 'checkout', env: 'prod', version: '2' }], cameAtMs);
    expect(events).toMatchObject([{ occurredAtMs: Math.floor(cameAtMs / 1000) * 1000 }]);
  });

  it('is nothing in hours of one version, but a read every five minutes', async () => {
    const { commands, onCommand } = counting();
    const fleet = startFleet({ onCommand });
    await fleet.play([v('1', 0)], 10);
    commands.length = 0;
    await fleet.play([v('1', 0)], 250);
    const byIngest = commands.filter((command) => command.startsWith('ingest'));
    expect([...new Set(byIngest)]).toEqual(['ingest: GetItem state']);
    expect(byIngest.length).toBeLessThanOrEqual(240 / 5);
  });

  it('is one mark in the settling time while two versions report', async () => {
    const { commands, onCommand } = counting();
    const fleet = startFleet({ onCommand });
    await fleet.play([v('1', 0), v('2', 30)], 100);
    commands.length = 0;
    const hours = 10;
    await fleet.play([v('1', 0), v('2', 30)], 100 + hours * 60);
    const writes = commands.filter(
      (command) => /ingest: (Update|Put)|state$/.test(command) && !/Get/.test(command),
    );
    expect([...new Set(writes)]).toEqual(['ingest: UpdateItem state']);
    expect(writes.length).toBeLessThanOrEqual(hours * 4);
  });

  it('is one event of each new version, whatever many instances say in the meantime', async () => {
    const fleet = startFleet();
    await fleet.play(rolling('1', '2', 30, 10), 60);
    const events = (await fleet.rows('events')).filter(({ event_type }) => event_type === 'deployment.seen');
    expect(events.map(({ occurred_at }) => occurred_at)).toEqual([
      '2026-05-04T08:00:00.000Z',
      '2026-05-04T08:30:00.000Z',
      '2026-05-04T08:45:00.000Z',
    ]);
  });

  it('ends with so many versions at once, which are no deployments, and says so once', async () => {
    const fleet = startFleet();
    const builds = Array.from({ length: 60 }, (_, build) => v(`build-${build}`, 1, 10));
    await fleet.play([v('1', 0), ...builds], 60);
    expect((await fleet.rows('events')).length).toBeLessThanOrEqual(21);
    expect(fleet.telemetry.lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
    expect(await fleet.deployments()).toEqual([]);
  });
});

describe('a database that fails', () => {
  const story: Running[] = [v('1', 0, 20, 5), v('2', 20, 60, 5), v('1', 60, forever, 5)];
  const play = async (failing: number, how: 'fails' | 'answer lost') => {
    let writes = 0;
    const fleet = startFleet({
      onCommand: (name, table) => {
        if (!/Update|Put/.test(name) || !/events|state/.test(table)) return undefined;
        writes += 1;
        return writes === failing ? how : undefined;
      },
    });
    await fleet.play(story, 110);
    return { writes, deployments: await fleet.deployments() };
  };
  const expected = [
    { version: '2', at: 20, service: 'checkout', env: 'prod' },
    { version: '1', at: 60, service: 'checkout', env: 'prod' },
  ];

  it.each(['fails', 'answer lost'] as const)(
    'at any one write (%s) changes nothing of what is a deployment',
    async (how) => {
      const { writes, deployments } = await play(0, how);
      expect(deployments).toEqual(expected);
      for (let failing = 1; failing <= writes; failing += stride) {
        const found = (await play(failing, how)).deployments;
        expect(found.map(({ version }) => version)).toEqual(['2', '1']);
        // What an export said that was not taken is said again by the next one.
        for (const [index, { at }] of found.entries()) {
          expect([expected[index]?.at, (expected[index]?.at ?? 0) + 5]).toContain(at);
        }
      }
    },
  );
});
