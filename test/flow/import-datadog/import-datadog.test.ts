import type { IncidentReport } from '../../../lib/domain/incident-report/incident-report.ts';
import { type Imported, importDatadog } from '../../../lib/flow/import-datadog/import-datadog.ts';
import { knownIncidents } from '../../../lib/flow/import-datadog/known-incidents.ts';
import { answer } from '../../../lib/flow/measure/answer.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { testConfig } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { deliverReport } from '../../support/reports.ts';
import { scan } from '../../support/scan.ts';
import { createDeploymentFixture, type DeploymentFixture } from '../deployments/fixture.ts';
import { at, minute, page, startMs, threeEvents } from '../freeze/fixture.ts';
import { datadogLists } from './datadog-lists.ts';

const dayMs = 86_400_000;
const range = { fromMs: startMs - dayMs, toMs: startMs + dayMs };
const screen = { name: 'screen', type: 'console', events: ['incident.*', 'deployment.*'] };

let fixture: DeploymentFixture;
beforeEach(async () => {
  fixture = createDeploymentFixture({
    default_env: 'prod',
    destinations: [screen],
    ingest: { settle_minutes: 15 },
  });
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const uuid = (n: number) => `0c1b2a39-4857-4655-8443-${String(n).padStart(12, '0')}`;
const failure = (id: string, from: number, to: number | undefined, more: object = {}) => ({
  id,
  type: 'dora_failure',
  attributes: {
    services: ['checkout-api'],
    env: 'prod',
    name: 'Checkout is slow',
    started_at: minute(from),
    ...(to !== undefined && { finished_at: minute(to) }),
    ...more,
  },
});
/** As the lists are seen to answer, which is not as they are documented. */
const live = (id: string, from: number, to: number) => ({
  id,
  type: 'dora_failure',
  attributes: {
    service: ['checkout-api'],
    env: ['prod'],
    team: ['payments'],
    started_at: minute(from),
    finished_at: minute(to),
    time_to_restore: (to - from) * 60,
    source: 'pagerduty',
    custom: {},
  },
});
const deployment = (id: string, at: number, more: object = {}) => ({
  id,
  type: 'dora_deployment',
  attributes: {
    service: 'checkout-api',
    env: 'prod',
    version: `1.${at + 100}.0`,
    started_at: minute(at - 5),
    finished_at: minute(at),
    change_failure: null,
    source: 'apm_deployments',
    ...more,
  },
});

const failures = [
  failure(uuid(1), 0, 30),
  live(uuid(2), 40, 50),
  failure('INC-given-by-a-person-1', 100, 160),
];
const deployments = [
  deployment('2a47b5f25b160b8a', -10, { change_failure: true }),
  deployment('43vkaZNgiso', 35),
  deployment('deployment-0000000001', 60, { change_failure: false }),
];

async function run(
  what: Imported,
  items: readonly { id: string; attributes: { started_at: string } }[],
  cap = 2,
) {
  const { store, run: bridge } = fixture;
  const { clock } = bridge.deps;
  const isKnown = await knownIncidents(store, range.fromMs, startMs + 3 * dayMs);
  const { ask } = datadogLists({ items, cap });
  const tally = await importDatadog({ store, clock, ask, isKnown }, what, range);
  await settle();
  return tally;
}

/** Lets what is due be worked on, as `sweep` does. */
async function settle(): Promise<void> {
  const { clock } = fixture.run.deps;
  for (let round = 0; round < 3; round++) {
    clock.advance(40_000);
    await fixture.run.sweep();
  }
}

async function figures() {
  const deps = { store: fixture.store, nowMs: startMs + 3 * dayMs, config: testConfig };
  const { document } = await answer(deps, { scope: range, timeZone: 'UTC' });
  const {
    deployments: frequency,
    change_failure_rate: rate,
    time_to_restore: restore,
    open_incidents,
  } = document;
  return {
    deployments: frequency.count,
    failed: rate.failed,
    incidents: rate.incidents,
    restored: restore.count,
    mean: restore.mean_seconds,
    open: open_incidents,
  };
}

// The second deployment has failed by the incident that began after it.
const imported = { deployments: 3, failed: 2, incidents: 3, restored: 3, mean: (30 + 10 + 60) * 20, open: 0 };
const rows = (table: 'deliveries' | 'outgoing' | 'incidents'): Promise<Row[]> => scan(fixture.store, table);

describe('importing what Datadog has', () => {
  it('brings failures and deployments in both shapes into the numbers', async () => {
    expect(await run('failures', failures)).toMatchObject({
      read: 3,
      imported: 3,
      before: 0,
      known: 0,
      unreadable: [],
    });
    expect(await run('deployments', deployments)).toMatchObject({ read: 3, imported: 3 });
    expect(await figures()).toEqual(imported);
  });

  it('sends nobody any of it', async () => {
    await run('failures', failures);
    await run('deployments', deployments);
    expect((await rows('deliveries')).map((row) => [row['status'], row['reason'], row['attempts']])).toEqual(
      Array(3).fill(['skipped', 'imported', 0]),
    );
    const ofDeployments = (await rows('outgoing')).filter(({ incident_id }) =>
      String(incident_id).startsWith('deployment:'),
    );
    expect(ofDeployments.every(({ destinations }) => (destinations as string[]).length === 0)).toBe(true);
  });

  it('twice gives the same numbers, and says that it was there before', async () => {
    for (const time of ['first', 'again']) {
      const one = await run('failures', failures);
      const other = await run('deployments', deployments);
      expect([one.imported, one.before, other.imported, other.before]).toEqual(
        time === 'first' ? [3, 0, 3, 0] : [0, 3, 0, 3],
      );
      expect(await figures()).toEqual(imported);
    }
  });

  const told: IncidentReport[] = [
    [undefined, 0, 30],
    [undefined, 40, 50],
    ['INC-given-by-a-person-1', 100, 160],
  ].map(([external_id, from, to]) => ({
    source: 'dora_api',
    ...(external_id !== undefined && { external_id: String(external_id) }),
    services: ['checkout-api'],
    env: 'prod',
    started_at: minute(Number(from)),
    finished_at: minute(Number(to)),
    custom_tags: [],
  }));
  const tellAll = async () => {
    for (const report of told) await deliverReport(fixture.run, report);
    const facts = {
      source: 'dora_api',
      service: 'checkout-api',
      env: 'prod',
      status: 'succeeded',
      custom_tags: [] as string[],
    } as const;
    for (const [external_id, at] of [
      [undefined, -10],
      [undefined, 35],
      ['deployment-0000000001', 60],
    ] as const)
      await fixture.tell({
        ...facts,
        ...(external_id !== undefined && { external_id }),
        version: `1.${at + 100}.0`,
        started_at: minute(at - 5),
        finished_at: minute(at),
      });
  };

  it.each([
    ['before', true],
    ['after', false],
  ])('gives the same numbers if the same was reported here %s', async (_, first) => {
    if (first) await tellAll();
    await run('failures', failures);
    await run('deployments', deployments);
    if (!first) await tellAll();
    await settle();
    expect(await figures()).toEqual(imported);
    const sources = (await rows('incidents')).map(({ source }) => source);
    expect(sources).toEqual(Array(3).fill('dora_api'));
  });

  it('leaves what was told here as it was told', async () => {
    await deliverReport(fixture.run, {
      ...(told[2] as IncidentReport),
      name: 'Told here',
      finished_at: minute(170),
    });
    const before = (await rows('deliveries')).length;
    expect(await run('failures', [failure('INC-given-by-a-person-1', 100, 160)])).toMatchObject({
      known: 1,
      imported: 0,
    });
    expect(await rows('incidents')).toMatchObject([{ title: 'Told here', finished_at: minute(170) }]);
    expect(await rows('deliveries')).toHaveLength(before);
  });

  it('fills in what was not told, if the import came first and the report after it', async () => {
    await run('failures', [failure('INC-given-by-a-person-1', 100, 160, { severity: 'SEV-2' })]);
    await deliverReport(fixture.run, {
      ...(told[2] as IncidentReport),
      name: 'Told here',
      finished_at: minute(170),
    });
    expect(await rows('incidents')).toMatchObject([
      { title: 'Told here', finished_at: minute(170), severity: 'SEV-2', source: 'dora_api' },
    ]);
    expect((await rows('deliveries')).map((row) => row['reason'] ?? row['status'])).toEqual([
      'imported',
      'delivered',
    ]);
  });

  it('does not double what PagerDuty told, whether this bridge or Datadog’s own source sent it there', async () => {
    for (const body of threeEvents('Q1', at('PCHECK'))) await fixture.run.deliver(body);
    const [incident] = await rows('incidents');
    const started = Date.parse(String(incident?.['started_at']));
    const offset = (started - Date.parse(minute(0))) / 60_000;
    const before = await figures();
    const tally = await run('failures', [
      failure('pagerduty:Q1', offset, offset + 5),
      live(uuid(9), offset, offset + 5),
    ]);
    expect(tally).toMatchObject({ read: 2, imported: 0, known: 2 });
    expect(await figures()).toEqual(before);
  });

  it.each<[string, object, number]>([
    ['the same environment', { env: 'prod' }, 1],
    ['it in another spelling', { env: 'PROD' }, 1],
    ['what the configuration calls it', { env: 'production' }, 1],
    ['none', { env: undefined }, 1],
    ['another one', { env: 'staging' }, 0],
  ])('takes one of the same second and service for the same if it names %s', async (_, env, known) => {
    await deliverReport(fixture.run, told[0] as IncidentReport);
    const { store, run: bridge } = fixture;
    const names = { Production: 'prod' };
    const isKnown = await knownIncidents(store, range.fromMs, startMs + 3 * dayMs, names);
    const { ask } = datadogLists({ items: [failure(uuid(1), 0, 30, env)], cap: 2 });
    const tally = await importDatadog({ store, clock: bridge.deps.clock, ask, isKnown }, 'failures', range);
    expect(tally).toMatchObject({ known, imported: 1 - known });
    await settle();
    expect(await figures()).toMatchObject({ restored: 2 - known });
  });

  it('goes on where it was cut off, and reads what has come since', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      failure(uuid(100 + index), index * 10, index * 10 + 5),
    );
    const { store, run: bridge } = fixture;
    const isKnown = await knownIncidents(store, range.fromMs, startMs + 3 * dayMs);
    const server = datadogLists({ items: many, cap: 3 });
    server.breaksAfter = 3;
    const deps = { store, clock: bridge.deps.clock, ask: server.ask, isKnown };
    await expect(importDatadog(deps, 'failures', range)).rejects.toThrow('broke off');
    const whole = server.requests;
    const again = datadogLists({ items: [...many, failure(uuid(500), 30 * 60, 30 * 60 + 5)], cap: 3 });
    const longer = { ...range, toMs: startMs + 2 * dayMs };
    const tally = await importDatadog({ ...deps, ask: again.ask }, 'failures', longer);
    expect(tally.imported).toBe(12 - 7 + 1);
    expect(again.requests).toBeLessThan(whole + 6);
    await settle();
    expect(await rows('incidents')).toHaveLength(13);
  });

  it.each<[string, object]>([
    ['names nobody', { services: [] }],
    ['has no start', { started_at: '0001-01-01T00:00:00Z' }],
  ])('says of a failure that %s that it was left out', async (_, more) => {
    const items = [failure(uuid(1), 0, 30, more)];
    const isKnown = () => false;
    const { store, run: bridge } = fixture;
    const ask = async () => (asked++ === 0 ? items : []);
    let asked = 0;
    const tally = await importDatadog({ store, clock: bridge.deps.clock, ask, isKnown }, 'failures', range);
    expect(tally).toMatchObject({ imported: 0, unreadable: [{ id: uuid(1), reason: expect.any(String) }] });
  });

  it('takes an open failure for open, and the time of the year 1 for no time', async () => {
    await run('failures', [failure(uuid(1), 0, undefined, { finished_at: '0001-01-01T00:00:00Z' })]);
    expect(await figures()).toMatchObject({ restored: 0, open: 1 });
  });
});
