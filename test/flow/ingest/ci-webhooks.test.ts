import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { CiSettings } from '../../../lib/domain/ci/reading.ts';
import { fixture } from '../../domain/ci/fixture.ts';
import { apiKey, startIngest } from './support.ts';

const now = Date.parse('2026-03-02T12:00:00.000Z');
const sign = (body: string, secret = 'hub') =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const hub = (body: string, secret?: string) => ({
  'x-github-event': 'deployment_status',
  'x-hub-signature-256': sign(body, secret),
});
const token = (value = 'lab') => ({ 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-token': value });

function start(secrets: Record<string, string[]> = {}, settings: CiSettings = {}) {
  const ingest = startIngest({
    ingest: { github: { secret: 'env:HUB' }, gitlab: { token: 'env:LAB' }, ...settings },
    secrets: { 'env:HUB': ['old', 'hub'], 'env:LAB': ['old', 'lab'], ...secrets },
  });
  ingest.clock.advance(now - ingest.clock.now());
  return ingest;
}

const text = (name: string, changes?: Record<string, unknown>) => JSON.stringify(fixture(name, changes));
const gitHub = text('github-deployment-status');
const gitLab = text('gitlab-deployment');
const cdEvent = text('cdevents-service-deployed');

const senders: [string, string, (good: boolean) => Record<string, string>][] = [
  ['github', gitHub, (good) => hub(gitHub, good ? 'hub' : 'other')],
  ['gitlab', gitLab, (good) => token(good ? 'lab' : 'other')],
  ['cdevents', cdEvent, (good) => ({ 'x-api-key': good ? apiKey : 'other' })],
];

describe.each(senders)('a webhook of %s', (name, body, headers) => {
  const path = `/webhooks/${name}`;

  it('is written down once, as what it reports', async () => {
    const { ask, logged } = start();
    expect(await ask('POST', path, body, headers(true))).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    });
    expect(await ask('POST', path, body, headers(true))).toMatchObject({
      status: 202,
      body: { status: 'duplicate' },
    });
    const rows = await logged();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      event_type: 'deployment.reported',
      occurred_at: expect.stringMatching(/^2026-03-02T10:04:12/),
    });
    expect(String(rows[0]?.['incident_id'])).toMatch(/^deployment:/);
    expect(JSON.parse(String(rows[0]?.['body']))).toMatchObject({
      source: name,
      status: 'succeeded',
      env: 'production',
    });
  });

  it('is refused with other credentials or none, and nothing is written', async () => {
    const { ask, logged, telemetry } = start();
    expect(await ask('POST', path, body, headers(false))).toMatchObject({
      status: 401,
      body: { error: 'authentication_failed' },
    });
    expect(await ask('POST', path, body, {})).toMatchObject({
      status: 401,
      body: { error: 'unauthenticated' },
    });
    expect(await logged()).toEqual([]);
    expect(telemetry.count('IngestMismatches')).toBe(1);
    expect(telemetry.count('IngestUnauthenticated')).toBe(1);
  });

  it('is answered 404 where the configuration has no credentials for it', async () => {
    const { ask } = startIngest({ ingest: { api_keys: undefined as never } });
    expect(await ask('POST', path, body, headers(true))).toMatchObject({
      status: 404,
      body: { error: 'not_configured' },
    });
  });

  it('that cannot be written down now is to be sent again', async () => {
    const { ask } = startIngest({
      ingest: { github: { secret: 'env:HUB' }, gitlab: { token: 'env:LAB' } },
      secrets: { 'env:HUB': ['hub'], 'env:LAB': ['lab'] },
      before: () => {
        throw new Error('no database');
      },
    });
    expect(await ask('POST', path, body, headers(true))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '10' },
      body: { error: 'unavailable' },
    });
  });

  it('that is too large is ignored', async () => {
    const { ask } = start();
    const answer = await ask('POST', path, `${body}${' '.repeat(4 * 1024 * 1024)}`, headers(true));
    expect(answer).toMatchObject({ status: 202, body: { status: 'ignored' } });
  });

  it('is told from another by its path alone, and takes nothing but POST', async () => {
    const { ask } = start();
    expect((await ask('POST', `/${path}/`, body, headers(true))).status).toBe(202);
    expect((await ask('GET', path, '', headers(true))).status).toBe(404);
  });
});

describe('the signature of GitHub', () => {
  it.each<[string, Record<string, string>]>([
    ['of the secret before', hub(gitHub, 'old')],
    ['in capitals', { 'x-hub-signature-256': sign(gitHub).toUpperCase().replace('SHA', 'sha') }],
  ])('%s is good', async (_, headers) => {
    expect((await start().ask('POST', '/webhooks/github', gitHub, headers)).status).toBe(202);
  });

  it.each<[string, string, Record<string, string>]>([
    ['of the same JSON in other bytes', JSON.stringify(JSON.parse(gitHub), null, 1), hub(gitHub)],
    ['of an empty secret', gitHub, hub(gitHub, '')],
    [
      'of SHA-1',
      gitHub,
      { 'x-hub-signature': `sha1=${createHmac('sha1', 'hub').update(gitHub).digest('hex')}` },
    ],
    ['cut short', gitHub, { 'x-hub-signature-256': sign(gitHub).slice(0, -2) }],
    ['without its kind', gitHub, { 'x-hub-signature-256': sign(gitHub).slice(7) }],
  ])('%s is none', async (_, body, headers) => {
    const { ask, logged } = start({ 'env:HUB': ['hub', ''] });
    expect((await ask('POST', '/webhooks/github', body, headers)).status).toBe(401);
    expect(await logged()).toEqual([]);
  });

  it('is of the bytes, whatever they are', async () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x00, 0x7b]);
    const signature = `sha256=${createHmac('sha256', 'hub').update(bytes).digest('hex')}`;
    const answer = await start().ask('POST', '/webhooks/github', bytes, { 'x-hub-signature-256': signature });
    expect(answer).toMatchObject({ status: 202, body: { status: 'ignored' } });
  });

  it('is of the form, where GitHub sends one', async () => {
    const form = new URLSearchParams({ payload: gitHub }).toString();
    expect((await start().ask('POST', '/webhooks/github', form, hub(form))).body).toEqual({
      status: 'accepted',
    });
  });

  it('of a secret that was rotated a moment ago is good', async () => {
    const { ask, secrets, reads } = start({ 'env:HUB': ['before'] });
    secrets['env:HUB'] = ['before'];
    expect((await ask('POST', '/webhooks/github', gitHub, hub(gitHub))).status).toBe(401);
    secrets['env:HUB'] = ['hub'];
    expect((await ask('POST', '/webhooks/github', gitHub, hub(gitHub))).status).toBe(202);
    expect(reads.map(({ fresh }) => fresh)).toEqual([false, true, false]);
  });
});

describe('what tells of no deployment', () => {
  it('is answered with the reason, and nothing is written', async () => {
    const { ask, logged, telemetry } = start();
    const ping = '{"zen":"Keep it logically awesome.","hook_id":1}';
    const waiting = text('github-deployment-status', { 'deployment_status.state': 'waiting' });
    expect(
      await ask('POST', '/webhooks/github', ping, { ...hub(ping), 'x-github-event': 'ping' }),
    ).toMatchObject({
      status: 202,
      body: { status: 'ignored', reason: 'ping: the webhook is set up' },
    });
    expect((await ask('POST', '/webhooks/github', waiting, hub(waiting))).body).toEqual({
      status: 'ignored',
      reason: 'not_begun: waiting',
    });
    expect(await logged()).toEqual([]);
    expect(telemetry.lines).toContainEqual({
      level: 'info',
      message: 'webhook ignored',
      fields: { source: 'github', reason: 'not_begun: waiting' },
    });
  });

  it('and cannot be read is warned of', async () => {
    const { ask, telemetry } = start();
    const unreadable = text('github-deployment-status', { 'deployment.id': null });
    const { body } = await ask('POST', '/webhooks/github', unreadable, hub(unreadable));
    expect(body).toEqual({ status: 'ignored', reason: 'unreadable: deployment.id is missing' });
    expect(telemetry.lines).toContainEqual({
      level: 'warn',
      message: 'webhook ignored',
      fields: { source: 'github', reason: 'unreadable: deployment.id is missing' },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['more than a day ahead', { status_changed_at: '2026-03-04 12:00:00 UTC' }, 'ignored'],
    ['a little ahead', { status_changed_at: '2026-03-02 13:00:00 UTC' }, 'accepted'],
    ['ahead, and only begun', { status: 'running', status_changed_at: '2027-03-04 12:00:00 UTC' }, 'ignored'],
  ])('or is %s', async (_, changes, status) => {
    const answer = await start().ask('POST', '/webhooks/gitlab', text('gitlab-deployment', changes), token());
    expect(answer.body).toMatchObject({ status });
  });
});

describe('CDEvents', () => {
  it('of incidents are reports of incidents: one of its beginning and its end', async () => {
    const { ask, logged } = start();
    const resolved = {
      'context.type': 'dev.cdevents.incident.resolved.0.3.0',
      'context.timestamp': '2026-03-02T10:40:00Z',
    };
    const batch = [fixture('cdevents-incident-detected'), fixture('cdevents-incident-detected', resolved)];
    const answer = await ask('POST', '/webhooks/cdevents', batch);
    expect(answer.body).toEqual({ status: 'accepted' });
    const rows = await logged();
    expect(rows.map((row) => row['event_type'])).toEqual(['incident.triggered', 'incident.resolved']);
    expect(new Set(rows.map((row) => row['incident_id'])).size).toBe(1);
  });

  it('are accepted when one of a batch is new', async () => {
    const { ask } = start();
    await ask('POST', '/webhooks/cdevents', cdEvent);
    const both = [fixture('cdevents-service-deployed'), fixture('cdevents-incident-detected')];
    expect((await ask('POST', '/webhooks/cdevents', both)).body).toEqual({ status: 'accepted' });
    expect((await ask('POST', '/webhooks/cdevents', both)).body).toEqual({ status: 'duplicate' });
  });
});

it('deployments to transient environments are taken where they are wanted', async () => {
  const transient = {
    'deployment.transient_environment': true,
    'deployment.production_environment': false,
    'deployment_status.environment': 'pr-17',
  };
  const gitHubs = text('github-deployment-status', transient);
  const gitLabs = text('gitlab-deployment', { environment: 'review/pr-17', environment_tier: 'development' });
  const send = async ({ ask }: ReturnType<typeof start>) => [
    (await ask('POST', '/webhooks/github', gitHubs, hub(gitHubs))).body,
    (await ask('POST', '/webhooks/gitlab', gitLabs, token())).body,
  ];
  expect(await send(start())).toEqual([
    { status: 'ignored', reason: 'transient_environment: pr-17' },
    { status: 'ignored', reason: 'transient_environment: review/pr-17' },
  ]);
  expect(await send(start({}, { transient_environments: true }))).toEqual([
    { status: 'accepted' },
    { status: 'accepted' },
  ]);
});

it('two services of one repository, named by who deploys, are two deployments', async () => {
  const { ask, logged } = start();
  const body = text('github-deployment-status', { 'deployment.payload': { services: ['cart', 'billing'] } });
  expect((await ask('POST', '/webhooks/github', body, hub(body))).body).toEqual({ status: 'accepted' });
  const rows = await logged();
  expect(new Set(rows.map((row) => row['incident_id'])).size).toBe(2);
});

it('whatever an authentic body holds is answered', async () => {
  const { ask } = start();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), async (body) => {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      const signature = `sha256=${createHmac('sha256', 'hub').update(bytes).digest('hex')}`;
      for (const [name, headers] of [
        ['github', { 'x-hub-signature-256': signature }],
        ['gitlab', token()],
        ['cdevents', { 'dd-api-key': apiKey }],
      ] as const) {
        expect((await ask('POST', `/webhooks/${name}`, bytes, headers)).status).toBe(202);
      }
    }),
    { numRuns: 100 },
  );
});
