import fc from 'fast-check';
import { deployment } from '../../../lib/domain/subject/deployment.ts';
import { doraIncident } from '../../../lib/domain/subject/dora-incident.ts';
import { startIngest } from './support.ts';

const startedMs = Date.parse('2026-03-02T10:00:00.000Z');
const git = {
  commit_sha: '3f2d8e1b6a9c4f7d0e5b8a1c2d3e4f5a6b7c8d9e',
  repository_url: 'https://github.com/acme/checkout',
};
const deployed = {
  service: 'checkout-api',
  started_at: startedMs * 1e6,
  finished_at: (startedMs + 90_000) * 1e6,
  env: 'prod',
};
const failed = { services: ['checkout-api'], started_at: startedMs * 1e6, env: 'prod' };
const body = (attributes: unknown) => ({ data: { attributes } });
const paths = { deployment: '/api/v2/dora/deployment', failure: '/api/v2/dora/failure' };
const valid = { deployment: deployed, failure: failed };

describe('what is reported to the DORA API', () => {
  it('is a deployment: written down, and answered with its id, the same at every repetition', async () => {
    const { ask, logged, telemetry } = startIngest();
    const first = await ask(
      'POST',
      paths.deployment,
      body({ ...deployed, git, version: '1.4.2', team: 'payments' }),
    );
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(first.body).toEqual({
      data: { id: expect.stringMatching(/^[0-9a-f]{32}$/), type: 'dora_deployment' },
    });
    const again = await ask(
      'POST',
      paths.deployment,
      body({ team: 'payments', version: '1.4.2', git, ...deployed }),
    );
    expect(again.body).toEqual(first.body);
    const rows = await logged();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      incident_id: deployment.key(first.body.data.id),
      event_type: 'deployment.reported',
      occurred_at: '2026-03-02T10:01:30.000Z',
    });
    expect(JSON.parse(String(rows[0]?.['body']))).toEqual({
      source: 'dora_api',
      service: 'checkout-api',
      team: 'payments',
      env: 'prod',
      version: '1.4.2',
      status: 'succeeded',
      started_at: '2026-03-02T10:00:00.000Z',
      finished_at: '2026-03-02T10:01:30.000Z',
      commit_sha: git.commit_sha,
      repository_url: git.repository_url,
      repository_id: 'github.com/acme/checkout',
      custom_tags: [],
    });
    expect(telemetry.count('IngestReceived')).toBe(2);
    expect(telemetry.count('IngestDuplicate')).toBe(1);
  });

  it.each(['failure', 'failures-old', 'incident'])('is an incident, under %s', async (name) => {
    const { ask, logged } = startIngest();
    const path = name === 'failures-old' ? '/api/v2/dora/incident/' : `//api/v2/dora/${name}`;
    const { status, body: answer } = await ask(
      'POST',
      path,
      body({ ...failed, name: 'Checkout is slow\nsince noon', severity: 'SEV-2', team: 'payments' }),
    );
    expect(status).toBe(200);
    expect(answer).toEqual({ data: { id: expect.any(String), type: 'dora_failure' } });
    expect(await logged()).toMatchObject([
      { incident_id: doraIncident.key(answer.data.id), event_type: 'incident.triggered' },
    ]);
  });

  it.each(['deployment', 'failure'] as const)('keeps the id that a %s was given', async (kind) => {
    const { ask } = startIngest();
    const { body: answer } = await ask(
      'POST',
      paths[kind],
      body({ ...valid[kind], id: 'release:2026.03.02-1' }),
    );
    expect(answer.data.id).toBe('release:2026.03.02-1');
  });

  it('has one id, whether start and end of an incident come apart or together, in any order', async () => {
    const { ask } = startIngest();
    const end = { ...failed, finished_at: (startedMs + 60_000) * 1e6 };
    const ids = [];
    for (const report of [end, failed, end, { ...failed, services: ['checkout-api', ' checkout-api'] }]) {
      ids.push((await ask('POST', paths.failure, body(report))).body.data.id);
    }
    expect(new Set(ids).size).toBe(1);
  });

  it('is two deployments in one second where commit or version tells them apart', async () => {
    const { ask } = startIngest();
    const ids = [];
    for (const version of ['1', '2', undefined]) {
      ids.push((await ask('POST', paths.deployment, body({ ...deployed, version }))).body.data.id);
    }
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['seconds', (ms: number) => Math.floor(ms / 1000)],
    ['milliseconds', (ms: number) => ms],
    ['text', (ms: number) => new Date(ms).toISOString()],
    ['digits', (ms: number) => `${ms}000000`],
  ])('may tell its times in %s', async (_unit, written) => {
    const { ask, logged } = startIngest();
    const times = { started_at: written(startedMs), finished_at: written(startedMs + 1000) };
    expect((await ask('POST', paths.deployment, body({ ...deployed, ...times }))).status).toBe(200);
    expect(await logged()).toMatchObject([{ occurred_at: '2026-03-02T10:00:01.000Z' }]);
  });

  it('loses no millisecond of nanoseconds that no JavaScript number can hold', async () => {
    const { ask, logged } = startIngest();
    const written =
      '{"data":{"attributes":{"service":"a","started_at":1772445600122999999,"finished_at":1772445600123000000}}}';
    expect((await ask('POST', paths.deployment, written)).status).toBe(200);
    expect(await logged()).toMatchObject([{ occurred_at: '2026-03-02T10:00:00.123Z' }]);
  });

  it('never has a token of the repository in it', async () => {
    const { ask, logged, telemetry } = startIngest();
    const url = 'https://octo:ghp_secret@github.com/acme/checkout.git';
    await ask('POST', paths.deployment, body({ ...deployed, git: { ...git, repository_url: url } }));
    await ask('POST', paths.failure, body({ ...failed, git: { ...git, repository_url: url } }));
    const { body: refusal } = await ask(
      'POST',
      paths.deployment,
      body({ ...deployed, git: { ...git, repository_url: 'https://octo:ghp/secret@github.com/acme' } }),
    );
    const everything = JSON.stringify([await logged(), telemetry.lines, refusal]);
    expect(everything).not.toMatch(/ghp|octo/);
    expect(everything).toContain('https://github.com/acme/checkout.git');
  });

  it.each([
    [
      'null where a client has nothing',
      { team: null, version: null, custom_tags: null, git: null, id: null },
    ],
    ['blanks where a shell has nothing', { team: '', version: ' ', env: '' }],
    ['fields that nobody knows', { flavour: 'vanilla', deeper: { and: ['deeper'] } }],
    ['a hundred tags', { custom_tags: Array.from({ length: 100 }, (_, index) => `tag:${index}`) }],
    ['a finish in the moment of the start', { finished_at: deployed.started_at }],
  ])('may have %s', async (_what, more) => {
    const { ask } = startIngest();
    expect((await ask('POST', paths.deployment, body({ ...deployed, ...more }))).status).toBe(200);
  });

  it.each([
    ['the one service of the first form of the API', { started_at: startedMs, service: 'checkout-api' }],
    ['a team only', { started_at: startedMs, team: 'payments' }],
    ['a team and an empty list', { started_at: startedMs, team: 'payments', services: [] }],
  ])('an incident may have %s', async (_what, attributes) => {
    const { ask } = startIngest();
    expect((await ask('POST', paths.failure, body(attributes))).status).toBe(200);
  });
});

type Kind = 'deployment' | 'failure';
const wrongTypes: [string, unknown][] = [
  ['a number', 7],
  ['true', true],
  ['a list', ['x']],
  ['an object', { x: 1 }],
];
const texts: [Kind, string][] = [
  ...['service', 'env', 'version', 'team', 'id'].map((field): [Kind, string] => ['deployment', field]),
  ...['service', 'env', 'version', 'team', 'id', 'name', 'severity'].map((field): [Kind, string] => [
    'failure',
    field,
  ]),
];
const textFaults: [string, unknown, string][] = [
  ...wrongTypes.map(([what, value]): [string, unknown, string] => [what, value, 'must be a text']),
  ['too many characters', 'x'.repeat(1_000_000), 'must have at most'],
  ['NUL', 'a\u0000b', 'control characters such as NUL'],
  ['half a character', '\ud83d', 'half of a character'],
  ['__proto__', '__proto__', 'must not be __proto__'],
];

describe('what is wrong with a report', () => {
  type Row = [Kind, string, Record<string, unknown>, string, string];
  const rows: Row[] = [
    ...texts.flatMap(([kind, field]) =>
      textFaults.map(
        ([what, value, words]): Row => [kind, `${field} is ${what}`, { [field]: value }, `/${field}`, words],
      ),
    ),
    ...(['deployment', 'failure'] as const).flatMap((kind): Row[] => [
      ...['started_at', 'finished_at'].flatMap((field): Row[] => [
        ...[true, [1], {}, 'soon', 1.5, '2026-03-02', ''].map(
          (value): Row => [
            kind,
            `${field} is ${JSON.stringify(value)}`,
            { [field]: value },
            `/${field}`,
            `${field} must be seconds`,
          ],
        ),
        [kind, `${field} is in 1970`, { [field]: 3600 }, `/${field}`, 'in the year 1970'],
        [kind, `${field} is in 2100`, { [field]: 4102444800 }, `/${field}`, 'in the year 2100'],
        [
          kind,
          `${field} is in a month`,
          { [field]: Date.now() + 31 * 86_400_000 },
          `/${field}`,
          'more than a day from now',
        ],
      ]),
      [kind, 'no started_at', { started_at: undefined }, '/started_at', 'started_at is missing'],
      [
        kind,
        'finished_at before started_at',
        { finished_at: startedMs - 1 },
        '/finished_at',
        'must not be before started_at',
      ],
      [kind, 'too short an id', { id: 'a'.repeat(15) }, '/id', 'id must be 16 to 128 characters'],
      [kind, 'too long an id', { id: 'a'.repeat(129) }, '/id', 'id must be 16 to 128 characters'],
      [kind, 'an id with a slash', { id: 'release/2026/03/02' }, '/id', 'id must be 16 to 128 characters'],
      [
        kind,
        '101 tags',
        { custom_tags: Array(101).fill('a:b') },
        '/custom_tags',
        'at most 100 items, not 101',
      ],
      [kind, 'tags as text', { custom_tags: 'a:b' }, '/custom_tags', 'must be a list of texts, not a text'],
      [
        kind,
        'a tag without colon',
        { custom_tags: ['a:b', 'c'] },
        '/custom_tags/1',
        'custom_tags[1] must be of the form key:value',
      ],
      [
        kind,
        'a tag that is a number',
        { custom_tags: [5] },
        '/custom_tags/0',
        'custom_tags[0] must be a text, not a number',
      ],
      [kind, 'git as text', { git: 'abc' }, '/git', 'git must be an object, not a text'],
      [
        kind,
        'git without commit',
        { git: { repository_url: git.repository_url } },
        '/git/commit_sha',
        'is missing',
      ],
      [kind, 'git without repository', { git: { commit_sha: 'abc' } }, '/git/repository_url', 'is missing'],
      [
        kind,
        'a commit that is a number',
        { git: { ...git, commit_sha: 5 } },
        '/git/commit_sha',
        'git.commit_sha must be a text',
      ],
      [
        kind,
        'a repository that is none',
        { git: { ...git, repository_url: 'checkout' } },
        '/git/repository_url',
        'address of a repository',
      ],
    ]),
    ['deployment', 'no service', { service: undefined }, '/service', 'service is missing'],
    ['deployment', 'a blank service', { service: ' ' }, '/service', 'service is missing'],
    ['deployment', 'no finished_at', { finished_at: undefined }, '/finished_at', 'finished_at is missing'],
    ['failure', 'empty services', { services: [] }, '/services', 'services or team must be given'],
    ['failure', 'no services', { services: undefined }, '/services', 'services or team must be given'],
    ['failure', 'services as text', { services: 'a' }, '/services', 'must be a list of texts, not a text'],
    [
      'failure',
      'a service that is null',
      { services: ['a', null] },
      '/services/1',
      'services[1] must be a text, not null',
    ],
    ['failure', 'a blank service', { services: [' '] }, '/services/0', 'services[0] must not be empty'],
    ['failure', '101 services', { services: Array(101).fill('a') }, '/services', 'at most 100 items'],
    [
      'failure',
      'too much altogether',
      { services: Array.from({ length: 100 }, (_, index) => `${index}${'€'.repeat(500)}`) },
      '',
      'all fields together must have at most 65536 bytes',
    ],
  ];

  it.each(rows)('%s: %s', async (kind, _what, more, pointer, words) => {
    const { ask, logged } = startIngest();
    const { status, body: answer } = await ask('POST', paths[kind], body({ ...valid[kind], ...more }));
    expect(status).toBe(400);
    expect(answer.errors).toEqual([
      {
        status: '400',
        title: 'Bad Request',
        detail: expect.stringContaining(words),
        source: { pointer: `/data/attributes${pointer}` },
      },
    ]);
    expect(await logged()).toEqual([]);
  });

  const deep = `{"data":{"attributes":{"service":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`;
  it.each<[string, string | Uint8Array, string, string]>([
    ['nothing', '', '', 'the body is empty'],
    ['blanks', ' \n', '', 'the body is empty'],
    ['no JSON', '{"data":', '', 'the body must be JSON'],
    ['a form', 'service=checkout&env=prod', '', 'the body must be JSON'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), '', 'the body must be UTF-8'],
    ['null', 'null', '', 'the body must be an object, not null'],
    ['a list', '[]', '', 'the body must be an object, not a list'],
    ['a number of a million digits', '9'.repeat(1_000_000), '', 'the body must be an object, not a number'],
    ['no data', '{}', '/data', 'data is missing'],
    ['data as text', '{"data":"x"}', '/data', 'data must be an object, not a text'],
    ['no attributes', '{"data":{}}', '/data/attributes', 'data.attributes is missing'],
    [
      'attributes as list',
      '{"data":{"attributes":[]}}',
      '/data/attributes',
      'data.attributes must be an object, not a list',
    ],
    ['deep nesting', deep, '', 'must not be nested deeper than 32 levels'],
    ['brackets without end', '['.repeat(1_000_000), '', 'must not be nested deeper than 32 levels'],
    [
      '__proto__',
      '{"data":{"attributes":{"__proto__":{"service":"a"}}}}',
      '/data/attributes/__proto__',
      '__proto__ is not accepted',
    ],
    ['more than 4 MB', 'x'.repeat(4 * 1024 * 1024 + 1), '', 'the body must have at most 4194304 bytes'],
  ])('the body is %s', async (_what, sent, pointer, words) => {
    const { ask, logged, telemetry } = startIngest();
    const { status, body: answer } = await ask('POST', paths.deployment, sent);
    expect(status).toBe(400);
    expect(answer.errors).toEqual([
      expect.objectContaining({ detail: expect.stringContaining(words), source: { pointer } }),
    ]);
    expect(await logged()).toEqual([]);
    expect(telemetry.count('IngestRefused')).toBe(1);
  });

  it('is all said at once', async () => {
    const { ask } = startIngest();
    const { body: answer } = await ask(
      'POST',
      paths.deployment,
      body({ env: 5, git: {}, custom_tags: [1, 2] }),
    );
    const pointers = answer.errors.map(({ source }: { source: { pointer: string } }) => source.pointer);
    expect(pointers.map((each: string) => each.replace('/data/attributes/', '')).sort()).toEqual([
      'custom_tags/0',
      'custom_tags/1',
      'env',
      'finished_at',
      'git/commit_sha',
      'git/repository_url',
      'service',
      'started_at',
    ]);
  });

  const anyField = fc.oneof(
    fc.anything({ withBigInt: false }),
    fc.json(),
    fc.constantFrom('__proto__', 'constructor', '\ud800'),
  );
  const fields = [
    'id',
    'service',
    'services',
    'team',
    'env',
    'name',
    'started_at',
    'finished_at',
    'git',
    'custom_tags',
    '__proto__',
  ];

  it('has an answer whatever is sent, 200 exactly when it is stored', async () => {
    const attributes = fc.dictionary(fc.constantFrom(...fields), anyField);
    const path = fc.constantFrom(paths.deployment, paths.failure);
    const sent = fc.oneof(
      fc.tuple(attributes, fc.constantFrom(deployed, failed)).map(([more, whole]) => {
        const both = { ...whole, ...more };
        return JSON.stringify(body(both)) ?? '';
      }),
      fc.json(),
      fc.uint8Array({ maxLength: 64 }),
    );
    await fc.assert(
      fc.asyncProperty(path, sent, async (to, what) => {
        const { ask, logged, telemetry } = startIngest();
        const { status } = await ask('POST', to, what);
        expect([200, 400]).toContain(status);
        expect(await logged()).toHaveLength(status === 200 ? 1 : 0);
        expect(telemetry.count('IngestFailed')).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is answered beside that', () => {
  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a wrong key', { 'dd-api-key': 'wrong' }],
  ])('403 in the shape of Datadog: %s', async (_what, headers) => {
    const { ask, logged } = startIngest();
    const answer = await ask('POST', paths.deployment, body(deployed), headers);
    expect(answer).toMatchObject({ status: 403, body: { errors: ['Forbidden'] } });
    expect(await logged()).toEqual([]);
  });

  it('403 to everybody where no API keys are configured', async () => {
    const { ask, deps } = startIngest();
    delete deps.config.ingest.api_keys;
    expect((await ask('POST', paths.deployment, body(deployed))).status).toBe(403);
  });

  it('503 with Retry-After when it cannot be written down, and the same report is taken afterwards', async () => {
    let down = true;
    const { ask, telemetry, logged } = startIngest({
      before: () => {
        if (down) throw new Error('DynamoDB is down');
      },
    });
    const answer = await ask('POST', paths.deployment, body(deployed));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(answer.body.errors[0].detail).toContain('Send it again');
    expect(telemetry.count('IngestFailed')).toBe(1);
    down = false;
    expect((await ask('POST', paths.deployment, body(deployed))).status).toBe(200);
    expect(await logged()).toHaveLength(1);
  });

  it.each([
    ['GET', '/api/v2/dora/deployment'],
    ['PUT', '/api/v2/dora/deployment'],
    ['POST', '/api/v2/dora/deploy'],
    ['POST', '/api/v2/dora'],
  ])('404 to %s %s', async (method, path) => {
    const { ask } = startIngest();
    expect(await ask(method, path, body(deployed))).toMatchObject({
      status: 404,
      body: { errors: [{ status: '404' }] },
    });
  });
});
