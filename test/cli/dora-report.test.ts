import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gitFacts } from '../../lib/cli/git-facts.ts';
import { pushCatalog } from '../../lib/store/catalog/push.ts';
import { putNew } from '../../lib/store/database/request.ts';
import { dayAttributes } from '../../lib/store/incidents/by-day.ts';
import { isInstalled, whereInstalled } from '../infra/packaged-service.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { createTestClock } from '../support/bridge.ts';
import { type MemoryEndpoint, startMemoryEndpoint } from '../support/memory-endpoint.ts';
import { pdbridge, type Surroundings } from './run-cli.ts';

const root = temporaryFolder();
const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answer: [number, unknown] = [200, { data: { id: 'the-id-of-the-answer', type: 'dora_deployment' } }];
const api = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  requests.push({
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  });
  const [status, body] = answer;
  response
    .writeHead(status, { location: '/elsewhere' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
});
let url = '';
let database: MemoryEndpoint;
let here: Surroundings;
const elsewhere: Surroundings = {
  environment: { BRIDGE_DATA_DIR: join(root, 'none') },
  now: Date.UTC(2026, 2, 2, 10),
};
const service = ['--service', 'checkout-api', '--started-at', '1772445600', '--skip-git'];
const to = () => ['--url', `${url}/`, '--api-key', 'k'];

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  database = await startMemoryEndpoint();
  const entry = {
    type: 'service',
    name: 'checkout-api',
    kind: 'service',
    namespace: 'default',
    team: 'payments',
    format: 'datadog-v3',
  } as const;
  const random = { token: () => 'push', unit: () => 0.5 };
  await pushCatalog(
    { store: database.store, clock: createTestClock(), random },
    { source: 'test', entries: [entry] },
  );
  const dataDir = join(root, 'data');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'ingest-api-key'), 'the kept key\n');
  const ready = {
    webhook_url: '',
    health_url: '',
    api_url: url,
    dynamodb_endpoint: database.endpoint,
    table_prefix: database.prefix,
    pid: process.pid,
  };
  writeFileSync(join(dataDir, 'ready.json'), JSON.stringify(ready));
  here = { ...elsewhere, environment: { BRIDGE_DATA_DIR: dataDir } };
});
beforeEach(() => {
  requests.length = 0;
  answer = [200, { data: { id: 'the-id-of-the-answer', type: 'dora_deployment' } }];
});
afterAll(async () => {
  await database.stop();
  await new Promise((resolve) => api.close(resolve));
});

const sent = () => JSON.parse(requests[0]?.body ?? '{}').data.attributes;

describe('pdbridge dora deployment', () => {
  it('sends what datadog-ci sends, by the same options, to any address', async () => {
    const { code, out } = await pdbridge(
      [
        ...[
          'dora',
          'deployment',
          '--service',
          'checkout-api',
          '--env',
          'prod',
          '--version',
          '1.4.2',
          '--team',
          'payments',
        ],
        ...[
          '--started-at',
          '1772445600',
          '--finished-at',
          '2026-03-02T10:01:30Z',
          '--custom-tags',
          'a:1',
          '--custom-tags',
          'b:2',
        ],
        ...[
          '--git-repository-url',
          'https://octo:token@github.com/acme/checkout.git',
          '--git-commit-sha',
          '3f2d8e1b',
        ],
        ...to(),
      ],
      elsewhere,
    );
    expect({ code, out }).toEqual({ code: 0, out: 'Reported: deployment the-id-of-the-answer\n' });
    expect(requests).toMatchObject([{ path: '/api/v2/dora/deployment', headers: { 'dd-api-key': 'k' } }]);
    expect(requests[0]?.body).toContain('"started_at":1772445600000000000,');
    expect(sent()).toEqual({
      service: 'checkout-api',
      env: 'prod',
      version: '1.4.2',
      team: 'payments',
      started_at: 1772445600000 * 1e6,
      finished_at: 1772445690000 * 1e6,
      custom_tags: ['a:1', 'b:2'],
      git: { repository_url: 'https://github.com/acme/checkout.git', commit_sha: '3f2d8e1b' },
    });
  });

  it('takes service, env and key from the variables of datadog-ci, and is over now', async () => {
    const environment = {
      ...elsewhere.environment,
      DD_SERVICE: 'cart',
      DD_ENV: 'prod',
      DD_API_KEY: 'from-there',
    };
    const args = ['dora', 'deployment', '--started-at', '1772445600', '--skip-git', '--url', url];
    expect((await pdbridge(args, { ...elsewhere, environment })).code).toBe(0);
    expect(requests[0]?.headers['dd-api-key']).toBe('from-there');
    expect(sent()).toEqual({
      service: 'cart',
      env: 'prod',
      started_at: 1772445600000 * 1e6,
      finished_at: Date.UTC(2026, 2, 2, 10) * 1e6,
    });
  });

  it('goes to the bridge on this machine, with its key, and says whose it is', async () => {
    const { code, out } = await pdbridge(['dora', 'deployment', ...service], here);
    expect(code).toBe(0);
    expect(out).toContain('in the catalog it belongs to team "payments"');
    expect(requests[0]?.headers['dd-api-key']).toBe('the kept key');
  });

  it('does not give the key of this machine away', async () => {
    const { code, err } = await pdbridge(['dora', 'deployment', ...service, '--url', url], here);
    expect(code).toBe(1);
    expect(err).toContain('There is no API key');
    expect(requests).toEqual([]);
  });

  describe('says with --dry-run what it would be linked with', () => {
    const minute = (count: number) => new Date(Date.UTC(2026, 2, 2, 10, count)).toISOString();
    const told = (name: 'deployment' | 'failure', count: number, ...more: string[]) =>
      pdbridge(
        [
          'dora',
          name,
          '--service',
          'cart',
          '--env',
          'prod',
          '--skip-git',
          '--started-at',
          minute(count),
          '--dry-run',
          ...more,
        ],
        { ...here, now: Date.UTC(2026, 2, 2, 12) },
      );

    it('an incident with the deployment that it would be laid to', async () => {
      expect((await told('failure', 30)).out).toContain('Not caused by a deployment that is known.');
      await putNew(
        database.store,
        'deployments',
        {
          deployment_id: 'd1',
          day: '2026-03-02',
          at: minute(10),
          facts: {
            status: 'succeeded',
            started_at: minute(5),
            finished_at: minute(10),
            shown: { service: 'cart', env: 'prod' },
          },
        },
        'deployment_id',
      );
      expect((await told('failure', 30)).out).toContain(
        'Deployment d1 was finished 20 min before the incident began',
      );
    });

    it('a deployment with the incidents it would be the cause of', async () => {
      expect((await told('deployment', 11, '--finished-at', minute(12))).out).toContain(
        'No incident that is known would be laid to it.',
      );
      const row = { services: ['cart'], env: 'prod', status: 'triggered', started_at: minute(20) };
      await putNew(
        database.store,
        'incidents',
        { incident_id: 'Q1', ...row, ...dayAttributes('Q1', row) },
        'incident_id',
      );
      expect((await told('deployment', 11, '--finished-at', minute(12))).out).toContain(
        'It would be the cause of Q1.',
      );
    });
  });

  it('shows with --dry-run what it would send, and sends nothing', async () => {
    const { code, out } = await pdbridge(['dora', 'deployment', ...service, '--dry-run'], here);
    expect(code).toBe(0);
    expect(out).toContain(`POST ${url}/api/v2/dora/deployment`);
    expect(out).toContain('"started_at":1772445600000000000');
    expect(out).toContain('team "payments"');
    expect(out).not.toContain('the kept key');
    const json = await pdbridge(
      ['dora', 'deployment', ...service, '--dry-run', '--json', ...to()],
      elsewhere,
    );
    expect(json.json()).toMatchObject({ body: { data: { attributes: { service: 'checkout-api' } } } });
    expect(requests).toEqual([]);
  });

  const refusal = (...details: string[]) => ({
    errors: details.map((detail) => ({ status: '400', title: 'Bad Request', detail })),
  });
  it.each<[number, unknown, RegExp]>([
    [400, refusal('env must be a text'), /400: env must be a text/],
    [400, refusal('one', 'two'), /400: \n {2}one\n {2}two/],
    [403, { errors: ['Forbidden'] }, /403: Forbidden/],
    [404, '<html>', /404: <html>/],
    [413, '', /413: no reason is given/],
    [429, { errors: ['Too many requests'] }, /429/],
    [503, { errors: [{ title: 'Service Unavailable' }] }, /503: Service Unavailable/],
    [301, '', /301/],
    [307, '', /307/],
  ])('ends with 1 when it is answered %d', async (status, body, message) => {
    answer = [status, body];
    const { code, err, out } = await pdbridge(['dora', 'deployment', ...service, ...to()], elsewhere);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(requests).toHaveLength(1);
  });

  it('ends with 1 when nothing answers', async () => {
    const args = [
      'dora',
      'deployment',
      ...service,
      '--url',
      'http://127.0.0.1:1',
      '--api-key',
      'k',
      '--json',
    ];
    const { code, json } = await pdbridge(args, elsewhere);
    expect({ code, json: json() }).toMatchObject({ code: 1, json: { error: 'no_answer' } });
  });

  it.each([
    ['no service', ['--started-at', '1772445600'], 'Give --service'],
    ['no start', ['--service', 'a'], 'Give --started-at'],
    ['a start that is none', ['--service', 'a', '--started-at', 'soon'], '--started-at must be seconds'],
    [
      'an end that is none',
      ['--service', 'a', '--started-at', '1772445600', '--finished-at', '2026'],
      '--finished-at is in the year 1970',
    ],
    ['an address that is none', [...service, '--url', 'api.example.com'], '--url must be the base'],
  ])('says what is wrong with %s', async (_what, args, message) => {
    const { code, err } = await pdbridge(['dora', 'deployment', '--skip-git', ...to(), ...args], elsewhere);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('pdbridge dora failure', () => {
  it('reports an incident that goes on, of several services, with nothing of this folder', async () => {
    const args = [
      '--service',
      'cart',
      '--service',
      'checkout-api',
      '--started-at',
      '1772445600',
      '--severity',
      'SEV-2',
    ];
    const { code } = await pdbridge(
      ['dora', 'failure', ...args, '--name', 'Checkout is slow', ...to()],
      elsewhere,
    );
    expect(code).toBe(0);
    expect(requests[0]?.path).toBe('/api/v2/dora/failure');
    expect(sent()).toEqual({
      services: ['cart', 'checkout-api'],
      started_at: 1772445600000 * 1e6,
      severity: 'SEV-2',
      name: 'Checkout is slow',
    });
  });

  it('reports its end', async () => {
    await pdbridge(
      [
        'dora',
        'failure',
        '--team',
        'payments',
        '--started-at',
        '1772445600',
        '--finished-at',
        '1772445700',
        ...to(),
      ],
      elsewhere,
    );
    expect(sent()).toEqual({
      services: [],
      team: 'payments',
      started_at: 1772445600000 * 1e6,
      finished_at: 1772445700000 * 1e6,
    });
  });

  it('needs a service or a team', async () => {
    const { code, err } = await pdbridge(
      ['dora', 'failure', '--started-at', '1772445600', ...to()],
      elsewhere,
    );
    expect(code).toBe(2);
    expect(err).toContain('Give --service or --team');
  });
});

const hasGit = isInstalled('git', '--version');
describe('what git says of a folder', () => {
  const onGit = (name: string, work: (folder: string, git: (...args: string[]) => string) => Promise<void>) =>
    (hasGit ? it : it.skip)(whereInstalled(hasGit, 'git', name), async () => {
      const folder = temporaryFolder();
      const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
      const git = (...args: string[]) =>
        execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim();
      await work(folder, git);
    });

  onGit('is its commit and its remote, without the token that may be in it', async (folder, git) => {
    git('init', '-q');
    git(
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'first',
    );
    git('remote', 'add', 'origin', 'https://octo:token@github.com/acme/checkout.git');
    const commit_sha = git('rev-parse', 'HEAD');
    expect(await gitFacts({}, folder)).toEqual({
      repository_url: 'https://github.com/acme/checkout.git',
      commit_sha,
    });
    expect(await gitFacts({ gitCommitSha: 'abc' }, folder)).toMatchObject({ commit_sha: 'abc' });
    expect(await gitFacts({ skipGit: true }, folder)).toBeUndefined();
  });

  onGit('is nothing outside of a repository, which ends the command', async (folder) => {
    await expect(gitFacts({}, folder)).rejects.toMatchObject({ exitCode: 1, code: 'git' });
  });

  it('is not asked where both are given; an address that cannot be read is not repeated', async () => {
    const given = { gitRepositoryUrl: 'https://octo:to/ken@github.com/acme', gitCommitSha: 'abc' };
    const refusal = gitFacts(given, '/not/there');
    await expect(refusal).rejects.toMatchObject({ code: 'git' });
    await expect(refusal).rejects.not.toThrow(/ken@/);
  });
});
