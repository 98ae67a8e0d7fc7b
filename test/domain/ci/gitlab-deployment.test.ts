import fc from 'fast-check';
import { readGitLab } from '../../../lib/domain/ci/gitlab-deployment.ts';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { fixture } from './fixture.ts';

const read = (changes: Record<string, unknown> = {}) =>
  readGitLab('Deployment Hook', JSON.stringify(fixture('gitlab-deployment', changes)));
const report = (changes: Record<string, unknown> = {}): Partial<DeploymentReport> => {
  const reading = read(changes);
  if (reading.kind !== 'reports') throw new Error(reading.reason);
  return reading.deployments[0] ?? {};
};

describe('a deployment event', () => {
  it('is a report', () => {
    expect(read()).toEqual({
      kind: 'reports',
      incidents: [],
      deployments: [
        {
          source: 'gitlab',
          external_id: 'gitlab:gitlab.example.com:4417',
          env: 'production',
          status: 'succeeded',
          finished_at: '2026-03-02T10:04:12.000Z',
          commit_sha: '6f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
          repository_id: 'gitlab.example.com/acme/shop/cart',
          repository_url: 'https://gitlab.example.com/acme/shop/cart.git',
          custom_tags: ['environment:eu-1'],
        },
      ],
    });
  });

  it('that begins says when, and no end', () => {
    const begun = report({ status: 'running', status_changed_at: '2026-03-02 10:01:00 UTC' });
    expect(begun).toMatchObject({ status: 'in_progress', started_at: '2026-03-02T10:01:00.000Z' });
    expect(begun.finished_at).toBeUndefined();
    expect(begun.external_id).toBe(report().external_id);
  });

  it.each<[string, Record<string, unknown>, Partial<DeploymentReport>]>([
    ['a failure', { status: 'failed' }, { status: 'failed' }],
    ['its cancellation, which ends what had begun', { status: 'canceled' }, { status: 'failed' }],
    [
      'an ISO time',
      { status_changed_at: '2026-03-02T10:04:12.500Z' },
      { finished_at: '2026-03-02T10:04:12.500Z' },
    ],
    ['no tier', { environment_tier: undefined }, { env: 'eu-1', custom_tags: [] }],
    ['a tier that tells nothing', { environment_tier: 'other' }, { env: 'eu-1', custom_tags: [] }],
    [
      'a tier called as its environment',
      { environment: 'production' },
      { env: 'production', custom_tags: [] },
    ],
    [
      'a commit in the older form of addresses',
      { commit_url: `http://gitlab.local/a/b/commit/${'a'.repeat(40)}` },
      { commit_sha: 'a'.repeat(40) },
    ],
    [
      'a commit of SHA-256',
      { commit_url: `http://gitlab.local/a/b/-/commit/${'b'.repeat(64)}` },
      { commit_sha: 'b'.repeat(64) },
    ],
    [
      'no whole commit',
      { commit_url: 'http://gitlab.local/a/b/-/commit/6f1c0a9b' },
      { commit_sha: undefined },
    ],
    [
      'no address of a job, as when it was made by the API',
      { deployable_url: null },
      { status: 'succeeded' },
    ],
    ['a tag', { ref: 'v2.14.0' }, { version: 'v2.14.0' }],
    [
      'a token in the address',
      { 'project.git_http_url': 'https://oauth2:glpat@gitlab.com/a/b.git' },
      { repository_url: 'https://gitlab.com/a/b.git', repository_id: 'gitlab.com/a/b' },
    ],
    [
      'an address of the page only',
      { 'project.git_http_url': undefined },
      { repository_id: 'gitlab.example.com/acme/shop/cart' },
    ],
  ])('with %s', (_, changes, expected) => expect(report(changes)).toMatchObject(expected));
});

describe('is ignored, with a reason:', () => {
  it.each<[string, Record<string, unknown>]>([
    ['not_begun: created', { status: 'created' }],
    ['not_begun: blocked', { status: 'blocked' }],
    ['not_begun: skipped', { status: 'skipped' }],
    ['unreadable: status is missing or not known', { status: 'manual' }],
    ['transient_environment: review/new-cart', { environment: 'review/new-cart' }],
    ['unreadable: deployment_id is missing', { deployment_id: null }],
    ['unreadable: status_changed_at is no time', { status_changed_at: '2026-03-02 11:04:12' }],
    ['unreadable: project.git_http_url names none', { project: {} }],
    ['unreadable: object_kind is missing', { object_kind: undefined }],
    ['other_event: Deployment Hook; only deployment events tell of deployments', { object_kind: 'push' }],
  ])('%s', (reason, changes) => expect(read(changes)).toEqual({ kind: 'ignored', reason }));
});

it('reads whatever comes without an exception', () => {
  const paths = [
    'project',
    'status',
    'environment',
    'environment_tier',
    'commit_url',
    'ref',
    'deployment_id',
    'status_changed_at',
    'project.git_http_url',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.anything(), fc.string(), (path, value, body) => {
      expect(['reports', 'ignored']).toContain(read({ [path]: value }).kind);
      expect(readGitLab(undefined, body).kind).toBe('ignored');
    }),
    { numRuns: 200 },
  );
});
