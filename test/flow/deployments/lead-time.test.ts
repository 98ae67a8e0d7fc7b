import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { deleted } from '../../../lib/domain/deployment/log-events.ts';
import { readEntry } from '../../../lib/domain/deployment/read-entries.ts';
import { readLog } from '../../../lib/store/events/events.ts';
import { historyOf, sha } from '../../adapters/git-hosts/history.ts';
import { type StandIn, startGithub } from '../../adapters/git-hosts/stand-ins.ts';
import { deployed } from '../../support/deployments.ts';
import { minute } from '../freeze/fixture.ts';
import { createDeploymentFixture, type DeploymentFixture } from './fixture.ts';

/** Committed a while before they are deployed in minute 0, 20, 40. */
const shop = historyOf(
  ['one', minute(-60)],
  ['two', minute(-30), 'one'],
  ['side', minute(-20), 'one'],
  ['three', minute(-10), 'two'],
  ['merge', minute(-5), 'three', 'side'],
  ['four', minute(35), 'merge'],
);
const repository_id = 'git.example.com/acme/shop';

let github: StandIn;
beforeAll(async () => {
  github = await startGithub({ 'acme/shop': shop }, 'canary-token');
});
afterAll(() => github.stop());
beforeEach(() => {
  github.behave(undefined);
  github.received.length = 0;
});

function start(): DeploymentFixture {
  const git_hosts = [
    {
      type: 'github' as const,
      token: 'env:HOOK',
      base_url: github.url,
      host: 'git.example.com',
      allow_private: false,
    },
  ];
  const fixture = createDeploymentFixture({ git_hosts });
  fixture.run.secrets.read = async () => ['canary-token'];
  return fixture;
}
const of = (at: number, name: string, facts: Partial<DeploymentReport> = {}) =>
  deployed(at, { commit_sha: sha(name), repository_id, ...facts });

/** The next sweep asks; what it writes down wakes the worker by the stream. */
async function sweep(fixture: DeploymentFixture, ...ids: string[]): Promise<void> {
  fixture.clock.advance(60_000);
  await fixture.run.sweep();
  for (const id of ids) {
    const log = await readLog(fixture.store, `deployment:${id}`);
    for (const event of log.filter(({ eventType }) => eventType === 'deployment.measured'))
      await fixture.run.wake(event.incidentId, event.logKey);
  }
}
/** What is due within some minutes; that its link window ends is due later. */
const marks = async (fixture: DeploymentFixture, id: string) =>
  (await fixture.rowsOf('events', `deployment:${id}`))
    .flatMap((row) => row['due_at'] ?? [])
    .filter((at) => Date.parse(String(at)) < fixture.clock.now() + 150_000);

describe('the lead time of a deployment', () => {
  it('is the median of what it brought, asked for once, by a sweep', async () => {
    const fixture = start();
    const first = await fixture.tell(of(0, 'two'));
    const second = await fixture.tell(of(20, 'merge'));
    expect(github.received).toEqual([]);
    expect(await fixture.deployment(second)).toMatchObject({ lead_time_reason: 'not_asked_yet' });
    await sweep(fixture, second);
    // `side` and `three`, in minutes -20 and -10, were there in minute 25.
    expect(await fixture.deployment(second)).toMatchObject({
      lead_time_seconds: 40 * 60,
      lead_time_commits: 2,
      facts: { shown: { lead_time_seconds: 40 * 60 } },
    });
    expect(await fixture.deployment(second)).not.toHaveProperty('lead_time_reason');
    expect(await fixture.deployment(first)).toMatchObject({ lead_time_reason: 'no_previous' });
    expect(await marks(fixture, second)).toEqual([]);
    for (let time = 0; time < 3; time++) await sweep(fixture, second);
    expect(github.received).toHaveLength(1);
  });

  it('goes to nobody, and nothing of it is kept but the median and how many', async () => {
    const fixture = start();
    await fixture.tell(of(0, 'two'));
    const second = await fixture.tell(of(20, 'merge'));
    const told = fixture.events().length;
    await sweep(fixture, second);
    expect(fixture.events()).toHaveLength(told);
    const log = await readLog(fixture.store, `deployment:${second}`);
    const measured = log.flatMap((event) => readEntry(event) ?? []).find(({ kind }) => kind === 'measured');
    expect(measured).toMatchObject({
      leadTime: { base: sha('two'), head: sha('merge'), commits: 2, seconds: 2400 },
    });
    const text = JSON.stringify([log, await fixture.deployment(second), fixture.run.deps.telemetry.lines]);
    expect(text).not.toContain(sha('side'));
    expect(text).not.toContain('canary-token');
  });

  it.each<[what: string, facts: Partial<DeploymentReport>, reason: string]>([
    ['a rollback', { commit_sha: sha('one') }, 'rollback'],
    ['one without a commit', { commit_sha: undefined, version: '7' }, 'no_commit'],
    ['one of another host', { repository_id: 'example.org/acme/shop' }, 'no_git_host'],
  ])('is none of %s, and nobody is asked', async (_, facts, reason) => {
    const fixture = start();
    await fixture.tell(of(0, 'one'));
    await fixture.tell(of(20, 'two'));
    const id = await fixture.tell(of(40, 'merge', facts));
    github.behave((answer) => answer.writeHead(503).end());
    await sweep(fixture, id);
    expect(await fixture.deployment(id)).toMatchObject({ lead_time_reason: reason });
    expect(await fixture.deployment(id)).not.toHaveProperty('lead_time_seconds');
    expect(github.received.filter(({ path }) => path.includes(sha('merge')))).toEqual([]);
  });

  it.each<[what: string, base: string, head: string, reason: string]>([
    ['a commit that nobody knows', 'two', 'gone', 'not_found'],
    ['a history that was rewritten', 'two', 'side', 'diverged'],
    ['an older commit that was never deployed', 'two', 'one', 'goes_back'],
  ])('is none of %s, with the reason', async (_, base, head, reason) => {
    const fixture = start();
    await fixture.tell(of(0, base));
    const id = await fixture.tell(of(20, head));
    await sweep(fixture, id);
    expect(await fixture.deployment(id)).toMatchObject({ lead_time_reason: reason, lead_time_commits: 0 });
    expect(await marks(fixture, id)).toEqual([]);
  });

  it('waits for a host that has had enough, and asks it once meanwhile', async () => {
    const fixture = start();
    await fixture.tell(of(0, 'one'));
    const second = await fixture.tell(of(20, 'two'));
    const third = await fixture.tell(of(40, 'merge'));
    const reset = Math.floor(fixture.clock.now() / 1000) + 1800;
    github.behave((answer) =>
      answer.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` }).end('{}'),
    );
    for (let minutes = 0; minutes < 25; minutes++) await sweep(fixture, second, third);
    // Two are asked for at once.
    expect(github.received.length).toBeLessThanOrEqual(2);
    expect(await fixture.deployment(third)).toMatchObject({ lead_time_reason: 'not_asked_yet' });
    github.behave(undefined);
    for (let minutes = 0; minutes < 15; minutes++) await sweep(fixture, second, third);
    expect(await fixture.deployment(second)).toMatchObject({ lead_time_commits: 1 });
    expect(await fixture.deployment(third)).toMatchObject({ lead_time_commits: 2 });
  });

  it('is given up after a day, with the reason', async () => {
    const fixture = start();
    await fixture.tell(of(0, 'one'));
    const id = await fixture.tell(of(20, 'two'));
    github.behave((answer) => answer.writeHead(500).end());
    for (let hours = 0; hours < 49; hours++) {
      fixture.clock.advance(3_540_000);
      await sweep(fixture, id);
    }
    expect(await fixture.deployment(id)).toMatchObject({ lead_time_reason: 'no_answer' });
    expect(await marks(fixture, id)).toEqual([]);
    expect(github.received.length).toBeLessThan(30);
  });

  it('is asked for anew when another one turns out to have come between, and holds again when that one goes', async () => {
    const fixture = start();
    await fixture.tell(of(0, 'one'));
    const last = await fixture.tell(of(40, 'three'));
    await sweep(fixture, last);
    expect(await fixture.deployment(last)).toMatchObject({ lead_time_commits: 2 });
    const between = await fixture.tell(of(20, 'two'));
    for (let times = 0; times < 2; times++) await sweep(fixture, last, between);
    expect(await fixture.deployment(between)).toMatchObject({ lead_time_commits: 1 });
    expect(await fixture.deployment(last)).toMatchObject({ lead_time_commits: 1 });
    const asked = github.received.length;
    await fixture.say(deleted(between, fixture.clock.now()));
    for (let times = 0; times < 2; times++) await sweep(fixture, last, between);
    expect(await fixture.deployment(last)).toMatchObject({ lead_time_commits: 2 });
    expect(github.received).toHaveLength(asked);
  });

  it('outlives what was written down of it', async () => {
    const fixture = start();
    await fixture.tell(of(0, 'one'));
    const id = await fixture.tell(of(20, 'two'));
    await sweep(fixture, id);
    const { lead_time_seconds } = await fixture.deployment(id);
    // Much later.
    fixture.clock.advance(7_200_000);
    await fixture.forget('events', `deployment:${id}`);
    await fixture.tell(of(20, 'two', { team: 'shopping' }));
    expect(await fixture.deployment(id)).toMatchObject({ team: 'shopping', lead_time_seconds });
    await sweep(fixture, id);
    expect(github.received).toHaveLength(1);
  });

  it('of the services of one repository takes one question', async () => {
    const fixture = start();
    for (const service of ['cart', 'search', 'billing']) await fixture.tell(of(0, 'one', { service }));
    const ids: string[] = [];
    for (const service of ['cart', 'search', 'billing'])
      ids.push(await fixture.tell(of(20, 'two', { service })));
    await sweep(fixture, ...ids);
    for (const id of ids) expect(await fixture.deployment(id)).toMatchObject({ lead_time_commits: 1 });
    expect(github.received).toHaveLength(1);
  });
});
