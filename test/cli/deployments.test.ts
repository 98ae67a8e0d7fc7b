import { deleted } from '../../lib/domain/deployment/log-events.ts';
import { appendEntry, appendReport, commit, deployed } from '../support/deployments.ts';
import { type OnDatabase, startOnDatabase } from './on-database.ts';
import { pdbridge } from './run-cli.ts';

const external_id = 'build:2187-production';
let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase({
    destinations: [{ name: 'screen', type: 'console', events: ['deployment.*'] }],
  });
  const now = on.bridge.deps.clock.now();
  const entries = [
    await appendReport(
      on.store,
      now,
      deployed(0, { external_id, version: '1.4\u001b[31m', commit_sha: commit('a') }),
    ),
    await appendReport(
      on.store,
      now,
      deployed(1, { source: 'github', external_id: 'github:deployment:1', commit_sha: commit('a') }),
    ),
    await appendReport(
      on.store,
      now,
      deployed(60, { service: undefined, repository_id: 'github.com/acme/x' }),
    ),
    await appendReport(on.store, now, deployed(90, { env: 'staging', external_id: 'build:2188-staging' })),
  ];
  for (const { subject, logKey } of entries) await on.bridge.wake(subject, logKey);
  const gone = await appendEntry(on.store, now, deleted('build:2188-staging', now));
  await on.bridge.wake(gone.subject, gone.logKey);
  await on.bridge.sweep();
});
afterAll(() => on.stop());

const ids = async (...options: string[]) => {
  const { json } = await on.run('deployments', 'ls', ...options, '--json');
  return (json() as { deployment_id: string }[]).map((row) => row.deployment_id);
};

describe('pdbridge deployments ls', () => {
  it('lists each deployment once, the newest first, without control characters', async () => {
    const lines = (await on.run('deployments', 'ls')).out.split('\n');
    expect(lines[1]).toMatch(/^[0-9a-f]{32} +github\.com\/acme\/x +prod .* held: unmatched /);
    expect(lines[2]).toMatch(/^build:2187-production +shop +prod +1\.4 \[31m +succeeded +standard /);
    expect(lines[3]).toBe('2 deployments');
  });

  it.each<[string[], number]>([
    [['--all'], 4],
    [['--all', '--env', 'staging'], 1],
    [['--service', 'shop'], 1],
    [['--held'], 1],
    [['--limit', '1'], 1],
  ])('%j', async (options, expected) => {
    expect(await ids(...options)).toHaveLength(expected);
  });

  it.each([80, 160])('shows whole ids on a terminal of %i columns', async (columns) => {
    const target = ['--endpoint-url', on.endpoint, '--table-prefix', on.prefix];
    const { out } = await pdbridge(['deployments', 'ls', ...target], { columns });
    const lines = out.split('\n');
    expect(lines[1]).toMatch(/^[0-9a-f]{32} /);
    expect(Math.max(...lines.slice(0, 3).map((line) => line.length))).toBeLessThanOrEqual(columns);
  });
});

describe('pdbridge deployments show', () => {
  it('shows what was told of it, by whom, and who was told', async () => {
    const { out } = await on.run('deployments', 'show', external_id);
    expect(out).toMatch(/^deployment +build:2187-production$/m);
    expect(out).toMatch(/^told by +dora_api, github$/m);
    expect(out).toMatch(/^kind +standard: /m);
    expect(out).toMatch(/deployment\.reported +\{"source":"dora_api"/);
    expect(out).toMatch(/^1 +deployment\.finished +screen +delivered$/m);
  });

  it('says of one that nobody knows what would help', async () => {
    const [held = ''] = await ids('--held');
    expect((await on.run('deployments', 'show', held)).out).toMatch(
      /^because +No catalog service names repository/m,
    );
  });

  it('gives the same to programs, and fails for one that does not exist', async () => {
    const { json } = await on.run('deployments', 'show', external_id, '--json');
    expect(json()).toMatchObject({
      deployment: { sources: ['dora_api', 'github'] },
      log: [{}],
      deliveries: [{}, {}],
    });
    expect((await on.run('deployments', 'show', 'nothing')).code).toBe(1);
  });
});
