import { type Compared, mostCommits } from '../../../lib/adapters/git-hosts/git-host.ts';
import { createGitHosts } from '../../../lib/adapters/git-hosts/git-hosts.ts';
import { type GitHostConfig, hostOf } from '../../../lib/adapters/git-hosts/host-of.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import { type Answer, startServer } from '../outgoing-http/local-server.ts';
import { historyOf, sha } from './history.ts';
import { type StandIn, startGithub, startGitlab } from './stand-ins.ts';

const day = (count: number) => `2026-03-${String(count).padStart(2, '0')}T12:00:00Z`;
const ms = (count: number) => Date.parse(day(count));

/** One line, with a branch that was merged, and one that never was. */
const shop = historyOf(
  ['one', day(1)],
  ['two', day(2), 'one'],
  ['branch', day(3), 'one'],
  ['three', day(4), 'two'],
  ['merge', day(5), 'three', 'branch'],
  ['hotfix', day(6), 'two'],
  ['elsewhere', day(7)],
);
const long = historyOf(
  ['0', day(1)],
  ...Array.from({ length: mostCommits + 1 }, (_, index): [string, string, string] => [
    `${index + 1}`,
    day(2),
    `${index}`,
  ]),
);
const repositories = { 'acme/shop': shop, 'acme/long': long };

const http = createNodeHttp({ allowLoopback: true });
const secrets = {
  read: async (reference: string) => {
    if (reference === 'env:TOKEN') return ['canary-token'];
    throw new Error('no such secret');
  },
};
const nowMs = Date.UTC(2026, 2, 20);
const clock = { now: () => nowMs, sleep: async () => {} };

let standIns: Record<GitHostConfig['type'], StandIn>;
beforeAll(async () => {
  standIns = {
    github: await startGithub(repositories, 'canary-token'),
    gitlab: await startGitlab(repositories, 'canary-token'),
  };
});
afterAll(async () => {
  for (const standIn of Object.values(standIns)) await standIn.stop();
});
beforeEach(() => {
  for (const standIn of Object.values(standIns)) {
    standIn.behave(undefined);
    standIn.received.length = 0;
  }
});

async function compare(
  type: GitHostConfig['type'],
  base: string,
  head: string,
  { path = 'acme/shop', token = 'env:TOKEN', deadlineMs = nowMs + 60_000 } = {},
): Promise<Compared> {
  const config = { type, token, base_url: standIns[type].url, allow_private: false };
  const [host] = createGitHosts([config], { http, secrets, clock });
  if (!host) throw new Error('one host was configured');
  return host.compare({ path, base, head }, deadlineMs);
}

describe.each(['github', 'gitlab'] as const)('what lies between two commits at %s', (type) => {
  it.each<[what: string, base: string, head: string, expected: Compared]>([
    [
      'committer dates, merges marked, branches that were merged included',
      sha('two'),
      sha('merge'),
      {
        kind: 'ahead',
        commits: [
          { committedAtMs: ms(3), isMerge: false },
          { committedAtMs: ms(4), isMerge: false },
          { committedAtMs: ms(5), isMerge: true },
        ],
      },
    ],
    ['the same commit', sha('two'), sha('two'), { kind: 'not_ahead', reason: 'same_commit' }],
    ['an earlier commit', sha('three'), sha('one'), { kind: 'not_ahead', reason: 'goes_back' }],
    ['a history that was rewritten', sha('three'), sha('hotfix'), { kind: 'not_ahead', reason: 'diverged' }],
    ['a base that nobody knows', sha('gone'), sha('two'), { kind: 'not_ahead', reason: 'not_found' }],
    ['a head that nobody knows', sha('two'), sha('gone'), { kind: 'not_ahead', reason: 'not_found' }],
  ])('%s', async (_, base, head, expected) => {
    expect(await compare(type, base, head)).toEqual(expected);
  });

  it('reads all of 250 commits, and none of more than 5000', async () => {
    const some = await compare(type, sha(0), sha(250), { path: 'acme/long' });
    expect(some.kind === 'ahead' && some.commits).toHaveLength(250);
    expect(standIns[type].received.filter(({ path }) => path.includes('/compare'))).toHaveLength(
      type === 'github' ? 3 : 1,
    );
    expect(await compare(type, sha(0), sha(mostCommits + 1), { path: 'acme/long' })).toEqual({
      kind: 'not_ahead',
      reason: 'too_many',
    });
  });

  it.each(['acme/unknown', 'acme', 'acme/../secret', 'acme/shop/compare'])(
    'knows no repository %s',
    async (path) => {
      expect(await compare(type, sha('one'), sha('two'), { path })).toEqual({
        kind: 'not_ahead',
        reason: 'not_found',
      });
    },
  );

  const reset = nowMs / 1000 + 900;
  const send =
    (status: number, headers: Record<string, string> = {}, body = '{}') =>
    (answer: Answer) =>
      answer.writeHead(status, headers).end(body);
  it.each<[what: string, answer: (answer: Answer) => unknown, untilMs: number | undefined]>([
    [
      'its limit is reached, with 403',
      send(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` }),
      reset * 1000,
    ],
    ['its limit is reached, with 429', send(429, { 'ratelimit-reset': `${reset}` }), reset * 1000],
    ['it asks for a pause', send(429, { 'retry-after': '60' }), nowMs + 60_000],
    ['the token is wrong', send(401), undefined],
    ['the token may not read', send(403), undefined],
    ['it is broken', send(502), undefined],
    ['it is being repaired', send(503, { 'retry-after': '60' }), nowMs + 60_000],
    ['it answers with a page', send(200, {}, '<html>'), undefined],
    ['it answers with something else', send(200, {}, '{"id": 7, "status": "ahead"}'), undefined],
    ['it answers with a list', send(200, {}, '[]'), undefined],
    ['it hangs up', (answer) => answer.destroy(), undefined],
  ])('is asked for later when %s', async (_, behave, untilMs) => {
    standIns[type].behave(behave);
    const found = await compare(type, sha('one'), sha('two'));
    expect(found.kind).toBe('later');
    expect(found.kind === 'later' && found.untilMs).toBe(untilMs);
    expect(JSON.stringify(found)).not.toContain('canary-token');
  });

  it('is asked for later when the token cannot be read, or there is no time', async () => {
    expect(await compare(type, sha('one'), sha('two'), { token: 'env:OTHER' })).toMatchObject({
      kind: 'later',
    });
    expect(await compare(type, sha('one'), sha('two'), { deadlineMs: nowMs - 1 })).toMatchObject({
      kind: 'later',
    });
    expect(standIns[type].received).toEqual([]);
  });

  it('follows a repository that was renamed, and never to another host', async () => {
    const other = await startServer((answer) => answer.writeHead(200).end('{}'));
    for (const [location, kind] of [
      ['/renamed', 'later'],
      [`${other.url}/steal`, 'not_ahead'],
    ]) {
      standIns[type].behave((answer, { path }) =>
        path === '/renamed' ? answer.writeHead(502).end() : answer.writeHead(301, { location }).end(),
      );
      expect((await compare(type, sha('one'), sha('two'))).kind).toBe(kind);
    }
    expect(other.received).toEqual([]);
    await other.stop();
  });
});

it('says so when a page of GitHub lists fewer commits than it names', async () => {
  standIns.github.behave((answer) =>
    answer.writeHead(200).end(JSON.stringify({ status: 'ahead', total_commits: 3, commits: [] })),
  );
  expect(await compare('github', sha('one'), sha('two'))).toMatchObject({ kind: 'later' });
});

describe('the host of a configured git host', () => {
  const token = 'env:TOKEN';
  it.each<[Partial<GitHostConfig> & { type: GitHostConfig['type'] }, host: string, api: string]>([
    [{ type: 'github' }, 'github.com', 'https://api.github.com/repos/'],
    [{ type: 'gitlab' }, 'gitlab.com', 'https://gitlab.com/api/v4/projects/'],
    [
      { type: 'github', base_url: 'https://git.acme.example' },
      'git.acme.example',
      'https://git.acme.example/api/v3/repos/',
    ],
    [
      { type: 'github', base_url: 'https://git.acme.example/api/v3/' },
      'git.acme.example',
      'https://git.acme.example/api/v3/repos/',
    ],
    [
      { type: 'github', base_url: 'https://api.acme.ghe.com' },
      'acme.ghe.com',
      'https://api.acme.ghe.com/repos/',
    ],
    [
      { type: 'gitlab', base_url: 'https://tools.acme.example/gitlab/' },
      'tools.acme.example',
      'https://tools.acme.example/gitlab/api/v4/projects/',
    ],
    [
      { type: 'gitlab', base_url: 'https://10-1.internal.example', host: 'Git.Acme.example' },
      'git.acme.example',
      'https://10-1.internal.example/api/v4/projects/',
    ],
  ])('%j is %s', async (given, host, api) => {
    const config = { token, allow_private: false, ...given };
    const asked: string[] = [];
    const recording = {
      send: async ({ url }: { url: string }) => {
        asked.push(url);
        return { status: 404, headers: {}, body: '' };
      },
    };
    const [made] = createGitHosts([config], { http: recording, secrets, clock });
    await made?.compare({ path: 'acme/shop', base: sha('one'), head: sha('two') }, nowMs + 60_000);
    expect(made?.host).toBe(host);
    expect(hostOf(config)).toBe(host);
    expect(asked[0]?.startsWith(api)).toBe(true);
  });

  it('has its repositories below its own address', async () => {
    const base_url = `${standIns.gitlab.url}/gitlab`;
    standIns.gitlab.behave((answer) => answer.writeHead(404).end());
    const config = { type: 'gitlab' as const, token, base_url, allow_private: false };
    const [made] = createGitHosts([config], { http, secrets, clock });
    const between = { path: 'gitlab/acme/shop', base: sha('one'), head: sha('two') };
    await made?.compare(between, nowMs + 60_000);
    expect(standIns.gitlab.received[0]?.path).toMatch(/^\/gitlab\/api\/v4\/projects\/acme%2Fshop\//);
  });
});
