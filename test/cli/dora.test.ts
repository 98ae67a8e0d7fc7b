import type { DeploymentReport } from '../../lib/domain/deployment/deployment-report.ts';
import { reported } from '../../lib/domain/deployment/log-events.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

const day = (number: number, time = '12:00') => `2026-03-0${number}T${time}:00.000Z`;
const config = ['--config', 'test/cli/fixtures/bridge.yml'];
const range = ['--since', '2026-03-01', '--until', '2026-03-11', ...config];

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase({ default_env: 'prod' }, { now: Date.parse('2026-03-12T00:00:00Z') });
  await fillCatalog(on, checkout);
  await deploy('bad', 2, { version: '1.4.0' });
  await deploy('good', 4, { version: '1.5.0' });
  await outage('Q1', 2, 40);
  await outage('Q2', 2, 60);
  await outage('Q3', 8, 20);
});
afterAll(() => on.stop());

async function deploy(id: string, at: number, given: Partial<DeploymentReport> = {}): Promise<void> {
  const entry = reported({
    source: 'dora_api',
    external_id: `deployment-${id}-00000000`,
    service: 'checkout-api',
    env: 'prod',
    status: 'succeeded',
    started_at: day(at, '11:50'),
    finished_at: day(at),
    custom_tags: [],
    ...given,
  });
  const logged = loggedEvent(entry, day(at), {});
  await appendEvent(on.bridge.deps.store, logged, Date.parse(day(at)));
  await on.bridge.wake(logged.incidentId, logged.logKey);
}

async function outage(id: string, at: number, minutes: number): Promise<void> {
  const end = new Date(Date.parse(day(at, '13:00')) + minutes * 60_000).toISOString();
  const data = { id, created_at: day(at, '13:00') };
  await on.bridge.deliver(
    webhookBody('incident.triggered', { at: day(at, '13:00'), data: { ...data, status: 'triggered' } }),
  );
  await on.bridge.deliver(
    webhookBody('incident.resolved', { at: end, data: { ...data, status: 'resolved' } }),
  );
}

const dora = async (...args: string[]) => on.run('dora', ...args, ...range);

describe('pdbridge dora', () => {
  it('shows each number with what it is of', async () => {
    const { out, code } = await dora();
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        'DORA metrics from 2026-03-01 00:00 to 2026-03-11 00:00 (UTC)',
        'deployments a day 0.20 2 deployments on 2 days',
        'change lead time n/a the commits of no deployment are known: no git host is configured for its repository (2 of 2)',
        'change failure rate 50.0 % 1 of 2 deployments failed',
        'incidents per deployment 150.0 % 3 incidents, 2 deployments',
        'time to restore 40 min median of 3 resolved incidents; mean 40 min; p75 50 min; p90 56 min',
        'failed deployment recovery 2 h median of 1 failed deployment',
        'rework rate 0.0 % 0 rollbacks and rollforwards of 2 deployments',
        'open incidents 0 now',
      ]),
    );
  });

  it('answers in JSON under names that stay', async () => {
    const { json } = await dora('--by', 'service', '--compare', '--json');
    expect(json()).toMatchObject({
      filter: { since: day(1, '00:00'), until: '2026-03-11T00:00:00.000Z', by: 'service', time_zone: 'UTC' },
      deployments: { count: 2, failed: 0, per_day: 0.2, days_with_deployments: 2 },
      change_failure_rate: { failed_deployments: 0.5, incidents_per_deployment: 1.5, not_yet_judged: 0 },
      time_to_restore: { count: 3, median_seconds: 2400 },
      groups: [{ key: 'checkout-api', deployments: { count: 2 } }],
      previous: { deployments: { count: 0 }, change_failure_rate: { failed_deployments: null } },
      reasons: {
        'change_lead_time.median_seconds':
          'the commits of no deployment are known: no git host is configured for its repository (2 of 2)',
      },
    });
  });

  it('prints CSV, a line for the whole and one for each group', async () => {
    const lines = (await dora('--by', 'env', '--csv')).out.trim().split('\n');
    expect(lines[0]).toMatch(/^key,deployments,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual([
      ['(all)', '2'],
      ['prod', '2'],
    ]);
  });

  it.each([
    [['--env', 'staging'], 'n/a'],
    [['--service', 'CHECKOUT-API'], '50.0 %'],
  ])('is narrowed by %j', async (options, rate) => {
    expect((await dora(...options)).out).toMatch(new RegExp(`change failure rate +${rate}`));
  });

  it.each([
    [['--by', 'day'], /--by is one of service, team/],
    [['--time-zone', 'Nowhere'], /--time-zone is no time zone/],
    [['--csv', '--json'], /--csv or --json, not both/],
  ])('refuses %j with a sentence', async (options, sentence) => {
    const { code, err, out } = await dora(...options);
    expect([code, `${err}${out}`]).toEqual([2, expect.stringMatching(sentence)]);
  });
});

describe('pdbridge dora why', () => {
  it('lists what a number is made of, and why', async () => {
    const { out, err } = await on.run('dora', 'why', 'change_failure_rate', ...range);
    expect(err).toBe('');
    const rows = out.split('\n').filter((line) => /^(deployment|incident) /.test(line));
    expect(rows.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['deployment', 'deployment-bad-00000000', 'yes'],
      ['incident', 'Q1', 'no'],
      ['incident', 'Q2', 'no'],
      ['deployment', 'deployment-good-00000000', 'no'],
    ]);
    expect(rows[1]).toContain('Deployment deployment-bad-00000000 of version 1.4.0 was finished 1 h before');
  });

  it('refuses what is no number', async () => {
    const { code, err } = await on.run('dora', 'why', 'velocity', ...range);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('"velocity" is none of the numbers: deployments,'),
    ]);
  });
});
