import fc from 'fast-check';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { identify, identifyById } from '../../../lib/domain/deployment/identify.ts';
import { deleted, patched, reported } from '../../../lib/domain/deployment/log-events.ts';
import { deployment } from '../../../lib/domain/subject/deployment.ts';

const report: DeploymentReport = {
  source: 'dora_api',
  service: 'shop',
  env: 'prod',
  version: '1.4.0',
  status: 'succeeded',
  started_at: '2026-03-02T10:00:00.250Z',
  finished_at: '2026-03-02T10:05:00.000Z',
  commit_sha: '66adc9350f2cc9b250b69abddab733dd55e1a588',
  custom_tags: [],
};

describe('a deployment without an id of its own', () => {
  it('has one made of env, service, second of its start, and commit', () => {
    const { id, key } = identify(report);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(key).toBe(`deployment:${id}`);
  });

  it.each<[string, Partial<DeploymentReport>]>([
    ['the millisecond of its start', { started_at: '2026-03-02T10:00:00.999Z' }],
    ['its end', { finished_at: undefined, status: 'in_progress' }],
    ['who reports it', { source: 'gitlab', team: 'shopping', custom_tags: ['a:b'] }],
    ['its version beside a commit', { version: '1.4.1' }],
    ['its repository beside a service', { repository_id: 'github.com/acme/shop' }],
  ])('is the same one whatever %s', (_what, change) => {
    expect(identify({ ...report, ...change })).toEqual(identify(report));
  });

  it.each<[string, Partial<DeploymentReport>]>([
    ['env', { env: 'staging' }],
    ['env, absent being one of its own', { env: undefined }],
    ['service', { service: 'cart' }],
    ['second of its start', { started_at: '2026-03-02T10:00:01.000Z' }],
    ['commit', { commit_sha: 'f'.repeat(40) }],
    ['version, without a commit', { commit_sha: undefined }],
  ])('is another one with another %s', (_what, change) => {
    expect(identify({ ...report, ...change }).id).not.toBe(identify(report).id);
  });

  it('is told apart by its repository where no service is known', () => {
    const bare = { ...report, service: undefined };
    const [one, other] = ['github.com/acme/shop', 'github.com/acme/cart'].map((repository_id) =>
      identify({ ...bare, repository_id }),
    );
    expect(one?.id).not.toBe(other?.id);
  });
});

describe('an id from outside', () => {
  it('is the id, if it may be one everywhere', () => {
    expect(identify({ ...report, external_id: 'build:2187-production' }).id).toBe('build:2187-production');
  });

  it('is stood for by a derived one, if it may not', () => {
    const { id } = identify({ ...report, external_id: '2187' });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(identify({ ...report, external_id: '2187', env: 'staging' }).id).toBe(id);
  });

  it('means the deployment itself when one of ours comes back', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), (external_id) => {
        const ours = identify({ ...report, external_id });
        expect(identifyById(ours.id)).toEqual(ours);
        expect(deployment.owns(ours.key)).toBe(true);
      }),
    );
  });
});

describe('an event of the log', () => {
  it('is the same for the same report, in whatever order its facts are given', () => {
    const turned = Object.fromEntries(Object.entries(report).reverse()) as unknown as DeploymentReport;
    expect(reported(turned)).toEqual(reported(report));
    expect(reported(report)).toMatchObject({
      subject: identify(report).key,
      eventType: 'deployment.reported',
      occurredAtMs: Date.parse('2026-03-02T10:05:00.000Z'),
    });
  });

  it('is another one for a correction of the same deployment', () => {
    const corrected = reported({ ...report, finished_at: '2026-03-02T10:06:00.000Z' });
    expect(corrected.subject).toBe(reported(report).subject);
    expect(corrected.eventId).not.toBe(reported(report).eventId);
  });

  it('repeats a verdict only within a second, since a later one may take another back', () => {
    const at = (ms: number) =>
      patched('deployment-0000001', { source: 'dora_api', change_failure: true }, ms);
    expect(at(1_000)).toEqual(at(1_999));
    expect(at(1_000).eventId).not.toBe(at(2_000).eventId);
    expect(deleted('deployment-0000001', 1_000)).toMatchObject({ subject: at(1_000).subject, body: '{}' });
  });
});
