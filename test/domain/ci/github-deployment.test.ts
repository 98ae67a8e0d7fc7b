import fc from 'fast-check';
import { readGitHub } from '../../../lib/domain/ci/github-deployment.ts';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { fixture } from './fixture.ts';

const name = 'github-deployment-status';
const read = (changes: Record<string, unknown> = {}, event: string | undefined = 'deployment_status') =>
  readGitHub(event, JSON.stringify(fixture(name, changes)));
const reports = (changes: Record<string, unknown> = {}): readonly DeploymentReport[] => {
  const reading = read(changes);
  if (reading.kind !== 'reports') throw new Error(reading.reason);
  return reading.deployments;
};
const report = (changes: Record<string, unknown> = {}): Partial<DeploymentReport> =>
  reports(changes)[0] ?? {};

describe('a deployment_status', () => {
  it('is a report', () => {
    expect(read()).toEqual({
      kind: 'reports',
      incidents: [],
      deployments: [
        {
          source: 'github',
          external_id: 'github:github.com:2481163200',
          env: 'production',
          status: 'succeeded',
          started_at: '2026-03-02T10:01:03.000Z',
          finished_at: '2026-03-02T10:04:12.000Z',
          commit_sha: '6f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
          repository_id: 'github.com/acme/checkout',
          repository_url: 'https://github.com/Acme/Checkout.git',
          custom_tags: [],
        },
      ],
    });
  });

  it.each<[string, Record<string, unknown>, Partial<DeploymentReport>]>([
    ['a failure', { 'deployment_status.state': 'failure' }, { status: 'failed' }],
    [
      'nothing that newer versions of GitHub have added',
      {
        'deployment.transient_environment': undefined,
        'deployment.production_environment': undefined,
        check_run: undefined,
      },
      { status: 'succeeded', env: 'production', started_at: '2026-03-02T09:58:30.000Z' },
    ],
    ['an error', { 'deployment_status.state': 'error' }, { status: 'failed' }],
    ['its beginning', { 'deployment_status.state': 'in_progress' }, { status: 'in_progress' }],
    [
      'no job, which began when it was made',
      { check_run: undefined },
      { started_at: '2026-03-02T09:58:30.000Z' },
    ],
    [
      'no beginning',
      { check_run: undefined, 'deployment.created_at': null },
      { started_at: '2026-03-02T10:04:12.000Z' },
    ],
    [
      'a job that began after its end',
      { 'check_run.started_at': '2026-03-02T11:00:00Z' },
      { started_at: '2026-03-02T09:58:30.000Z' },
    ],
    [
      'an update after its end',
      { 'deployment_status.updated_at': '2026-04-01T00:00:00Z' },
      { finished_at: '2026-03-02T10:04:12.000Z' },
    ],
    ['an environment of the status', { 'deployment_status.environment': 'eu' }, { env: 'eu' }],
    ['an environment of the deployment', { 'deployment_status.environment': '' }, { env: 'production' }],
    ['a tag', { 'deployment.ref': 'refs/tags/release-7' }, { version: 'release-7' }],
    ['a ref that looks like a release', { 'deployment.ref': 'v2.14.0-rc.1' }, { version: 'v2.14.0-rc.1' }],
    ['a branch called as a release is', { 'deployment.ref': '2.14' }, { version: undefined }],
    ['another task', { 'deployment.task': 'deploy:migrations' }, { custom_tags: ['task:deploy:migrations'] }],
    ['a short commit', { 'deployment.sha': '6f1c0a9' }, { commit_sha: undefined }],
    [
      'a transient environment that is production',
      { 'deployment.transient_environment': true },
      { env: 'production' },
    ],
    [
      'a GitHub of its own',
      { 'repository.clone_url': 'https://ghe.example.com/acme/cart.git' },
      { external_id: 'github:ghe.example.com:2481163200' },
    ],
    [
      'a token in the address',
      { 'repository.clone_url': 'https://x:token@github.com/acme/cart.git' },
      { repository_url: 'https://github.com/acme/cart.git' },
    ],
  ])('with %s', (_, changes, expected) => expect(report(changes)).toMatchObject(expected));

  it('says no end while it goes on', () => {
    expect(report({ 'deployment_status.state': 'in_progress' }).finished_at).toBeUndefined();
  });

  it('is the same deployment in all its states, with one beginning', () => {
    const states = ['in_progress', 'success', 'failure'].map((state) => {
      const { external_id, started_at } = report({ 'deployment_status.state': state });
      return [external_id, started_at];
    });
    expect(new Set(states.map(String)).size).toBe(1);
  });

  it.each<[string, unknown, string | undefined]>([
    ['an object', { service: 'cart', version: '7', team: 'shop' }, 'cart'],
    ['JSON in a text', '{"service":" cart ","version":"7","team":"shop"}', 'cart'],
  ])('says what its maker wrote: %s', (_, payload, service) => {
    expect(report({ 'deployment.payload': payload })).toMatchObject({ service, version: '7', team: 'shop' });
  });

  it.each<[string, unknown]>([
    ['a text', 'deploy it'],
    ['nothing', null],
    ['other things', { service: 7, services: 'cart', version: {} }],
  ])('is not misled by %s in its payload', (_, payload) => {
    expect(report({ 'deployment.payload': payload })).toMatchObject({ env: 'production' });
    expect(report({ 'deployment.payload': payload }).service).toBeUndefined();
  });

  it('of several services is a deployment of each', () => {
    const payload = { services: ['cart', 'billing', 'cart'] };
    expect(
      reports({ 'deployment.payload': payload }).map(({ service, external_id }) => [service, external_id]),
    ).toEqual([
      ['cart', 'github:github.com:2481163200:cart'],
      ['billing', 'github:github.com:2481163200:billing'],
    ]);
  });

  it('is read from a form, as GitHub sends it where nobody has chosen JSON', () => {
    const form = new URLSearchParams({ payload: JSON.stringify(fixture(name)) }).toString();
    expect(readGitHub('deployment_status', form)).toEqual(read());
  });
});

describe('is ignored, with a reason:', () => {
  it.each<[string, Record<string, unknown>]>([
    ['not_begun: queued', { 'deployment_status.state': 'queued' }],
    ['not_begun: pending', { 'deployment_status.state': 'pending' }],
    ['not_begun: waiting', { 'deployment_status.state': 'waiting' }],
    ['inactive: another deployment has taken its place', { 'deployment_status.state': 'inactive' }],
    ['unreadable: deployment_status.state is missing or not known', { 'deployment_status.state': 'done' }],
    ['unreadable: deployment.id is missing', { 'deployment.id': 1.5 }],
    [
      'unreadable: deployment_status.created_at is no time',
      { 'deployment_status.created_at': 1_772_445_852 },
    ],
    ['unreadable: repository.clone_url names none', { repository: undefined }],
    [
      'transient_environment: pr-17',
      {
        'deployment.transient_environment': true,
        'deployment.production_environment': false,
        'deployment_status.environment': 'pr-17',
      },
    ],
  ])('%s', (reason, changes) => expect(read(changes)).toEqual({ kind: 'ignored', reason }));

  it.each([
    ['ping', 'ping: the webhook is set up'],
    ['push', 'other_event: push; only deployment_status tells of deployments'],
    ['deployment', 'other_event: deployment; only deployment_status tells of deployments'],
  ])('the event %s', (event, reason) => expect(read({}, event)).toEqual({ kind: 'ignored', reason }));

  it.each(['', 'payload=', 'payload=%7B', '[]', 'null', '{"deployment_status":7}', '['.repeat(100_000)])(
    'a body that is none',
    (body) => expect(readGitHub(undefined, body)).toMatchObject({ kind: 'ignored' }),
  );
});

it('reads whatever comes without an exception', () => {
  const paths = [
    'deployment',
    'repository',
    'check_run',
    'deployment_status.created_at',
    'deployment.payload',
    'deployment.ref',
    'deployment.sha',
    'deployment.task',
    'repository.clone_url',
    'deployment_status.environment',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.anything(), fc.string(), (path, value, body) => {
      expect(['reports', 'ignored']).toContain(read({ [path]: value }).kind);
      expect(readGitHub(undefined, body).kind).toBe('ignored');
    }),
    { numRuns: 200 },
  );
});
