import { putNew } from '../../../lib/store/database/request.ts';
import { dayAttributes } from '../../../lib/store/incidents/by-day.ts';
import { apiKey, both, startIngest } from './support.ts';

const path = '/api/v2/metrics/dora';

async function withAnIncident() {
  const started = startIngest();
  const iso = (beforeMs: number) => new Date(started.clock.now() - beforeMs).toISOString();
  const row = {
    services: ['checkout-api'],
    env: 'prod',
    status: 'resolved',
    started_at: iso(7_200_000),
    finished_at: iso(3_600_000),
    time_to_restore_seconds: 3_600,
  };
  await putNew(
    started.store,
    'incidents',
    { incident_id: 'Q1', ...row, ...dayAttributes('Q1', row) },
    'incident_id',
  );
  return started;
}

describe('the metrics over HTTP', () => {
  it('are those of the command line', async () => {
    const { ask } = await withAnIncident();
    const { status, body } = await ask('GET', `${path}?env=PROD&since=7d&by=service&compare`, '', both);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      filter: { env: 'PROD', by: 'service', time_zone: 'UTC' },
      time_to_restore: { count: 1, median_seconds: 3_600 },
      change_failure_rate: { failed_deployments: null, not_counted_incidents: 1 },
      groups: [{ key: 'checkout-api' }],
      previous: { time_to_restore: { count: 0 } },
      reasons: { 'change_failure_rate.failed_deployments': 'no deployments' },
    });
  });

  it('are for whoever has both keys', async () => {
    const { ask } = startIngest();
    expect((await ask('GET', path, '', { 'dd-api-key': apiKey })).status).toBe(403);
    expect((await ask('GET', path, '', {})).status).toBe(403);
  });

  it.each([
    ['since=yesterday', '"since" is not a time: "yesterday"'],
    ['time-zone=Mars', '"time-zone" is no time zone: "Mars"'],
    ['service=a&teem=b', '"teem" is not known; there are env, team, service'],
    ['by=%00', '"by" is one of'],
  ])('?%s is answered with what is wrong', async (query, detail) => {
    const { ask } = startIngest();
    const { status, body } = await ask('GET', `${path}?${query}`, '', both);
    expect([status, body.errors[0].detail]).toEqual([400, expect.stringContaining(detail)]);
  });
});
