import { createTestBridge } from '../../support/bridge.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { both, startIngest } from './support.ts';

const day = (text: string) => Date.parse(`2026-03-${text}Z`);
const nowMs = day('20T12:00:00');
const deployments = '/api/v2/dora/deployments';
const failures = '/api/v2/dora/failures';
const git = { commit_sha: '3f2d8e1b6a9c4f7d', repository_url: 'https://github.com/acme/checkout.git' };

/** `ingest` and the worker behind it on one database; `settle` lets everything that is written be worked out. */
function start() {
  const ingest = startIngest({ startMs: nowMs });
  const bridge = createTestBridge(ingest.store, {
    clock: ingest.clock,
    config: { unmatched: 'passthrough' },
  });
  const ask = (method: string, path: string, body: unknown = '') => ingest.ask(method, path, body, both);
  const create = async (kind: 'deployment' | 'failure', attributes: Record<string, unknown>) => {
    const { status, body } = await ask('POST', `/api/v2/dora/${kind}`, { data: { attributes } });
    expect(status).toBe(200);
    return body.data.id as string;
  };
  const deploy = (minute: number, more: Record<string, unknown> = {}) => {
    const finished_at = day('10T10:00:00') + minute * 60_000;
    return create('deployment', {
      service: 'checkout-api',
      env: 'prod',
      started_at: finished_at - 90_000,
      finished_at,
      ...more,
    });
  };
  const fail = (minute: number, more: Record<string, unknown> = {}) =>
    create('failure', {
      services: ['checkout-api'],
      env: 'prod',
      started_at: day('10T10:00:00') + minute * 60_000,
      ...more,
    });
  const settle = async () => {
    for (let round = 0; round < 3; round++) {
      ingest.clock.advance(60_000);
      await bridge.sweep();
    }
  };
  const list = async (path: string, attributes: Record<string, unknown> = {}) => {
    const type = path === deployments ? 'dora_deployments_list_request' : 'dora_failures_list_request';
    const { status, body } = await ask('POST', path, { data: { type, attributes } });
    expect({ status, errors: body.errors }).toEqual({ status: 200 });
    return (body.data as { id: string }[]).map(({ id }) => id);
  };
  const patch = (id: string, attributes: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    ask('PATCH', `${deployments}/${encodeURIComponent(id)}`, {
      data: { type: 'dora_deployment_patch_request', id, ...more, attributes },
    });
  const get = (path: string, id: string) => ask('GET', `${path}/${encodeURIComponent(id)}`);
  return { ...ingest, bridge, ask, create, deploy, fail, settle, list, patch, get };
}

describe('a deployment that was reported', () => {
  const facts = {
    data: {
      id: 'release:2026.03.10-1',
      type: 'dora_deployment',
      attributes: {
        service: 'checkout-api',
        env: 'prod',
        team: 'payments',
        version: '1.4.2',
        started_at: '2026-03-10T09:58:30.000Z',
        finished_at: '2026-03-10T10:00:00.000Z',
        status: 'succeeded',
        custom_tags: ['language:java'],
        git: {
          commit_sha: git.commit_sha,
          repository_id: 'github.com/acme/checkout',
          repository_url: git.repository_url,
        },
        change_failure: null,
        deployment_type: 'standard',
        source: 'dora_api',
        sources: ['dora_api'],
      },
    },
  };
  const report = {
    id: facts.data.id,
    team: 'payments',
    version: '1.4.2',
    custom_tags: ['language:java'],
    git,
  };

  it.each(['at once, from the log', 'once it is worked out, from its row'])('can be got %s', async (when) => {
    const { deploy, settle, get } = start();
    const id = await deploy(0, report);
    const body = structuredClone(facts) as { data: { attributes: { change_failure: boolean | null } } };
    if (!when.startsWith('at once')) {
      await settle();
      // More than a day has passed since, and no incident is laid to it.
      body.data.attributes.change_failure = false;
    }
    expect(await get(deployments, id)).toMatchObject({ status: 200, body });
    expect(await get('/api/v2/dora/deployment', id)).toMatchObject({ status: 200, body });
  });

  it.each(['at once', 'later'])('can be judged %s, and by its remediation', async (when) => {
    const { deploy, settle, patch, get } = start();
    const [bad, good] = [await deploy(0, { version: '1' }), await deploy(10, { version: '2' })];
    if (when === 'later') await settle();
    const remediation = { id: good, type: 'rollforward' };
    expect(await patch(bad, { change_failure: true, remediation })).toMatchObject({
      status: 202,
      body: { data: null },
    });
    const judged = { change_failure: true, remediation };
    expect((await get(deployments, bad)).body.data.attributes).toMatchObject(judged);
    await settle();
    expect((await get(deployments, bad)).body.data.attributes).toMatchObject(judged);
    expect((await get(deployments, good)).body.data.attributes).toMatchObject({
      deployment_type: 'rollforward',
    });
    await patch(bad, { change_failure: false });
    await settle();
    const { attributes } = (await get(deployments, bad)).body.data;
    expect(attributes.change_failure).toBe(false);
    expect(attributes).not.toHaveProperty('remediation');
  });

  it('can be judged by service, env and version: of several, the one that was finished last', async () => {
    const { deploy, settle, ask, get } = start();
    const ids = [
      await deploy(0, { version: '1' }),
      await deploy(20, { version: '1' }),
      await deploy(40, { version: '2' }),
    ];
    await settle();
    const attributes = { change_failure: true, service: 'Checkout-API', env: 'prod', version: '1' };
    const data = { type: 'dora_deployment_patch_request', attributes };
    expect(await ask('PATCH', deployments, { data })).toMatchObject({ status: 202 });
    const verdicts = [];
    for (const id of ids) verdicts.push((await get(deployments, id)).body.data.attributes.change_failure);
    expect(verdicts).toEqual([false, true, false]);
    expect(
      await ask('PATCH', deployments, { data: { ...data, attributes: { ...attributes, version: '9' } } }),
    ).toMatchObject({
      status: 404,
    });
  });

  it.each(['at once', 'later'])('can be taken back %s, for good', async (when) => {
    const { deploy, settle, ask, get, list, patch } = start();
    const id = await deploy(0);
    if (when === 'later') await settle();
    expect(await ask('DELETE', `/api/v2/dora/deployment/${id}`)).toMatchObject({
      status: 202,
      body: undefined,
    });
    expect((await get(deployments, id)).status).toBe(404);
    await settle();
    expect((await get(deployments, id)).status).toBe(404);
    expect((await ask('DELETE', `${deployments}/${id}`)).status).toBe(404);
    expect((await patch(id, { change_failure: true })).status).toBe(404);
    expect(await list(deployments)).toEqual([]);
  });

  it('that nobody reported is 404, and nothing is written down', async () => {
    const { ask, patch, get, logged } = start();
    expect(await get(deployments, 'no-such-deployment')).toMatchObject({
      status: 404,
      body: {
        errors: [{ status: '404', title: 'Not Found', detail: 'There is no deployment with this id.' }],
      },
    });
    expect((await patch('43vkaZNgiso', { change_failure: true })).status).toBe(404);
    expect((await ask('DELETE', '/api/v2/dora/deployment/no-such-deployment')).status).toBe(404);
    expect(await logged()).toEqual([]);
  });
});

describe('what is wrong with a verdict', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string, string]>([
    [
      'no type',
      { change_failure: true },
      { type: undefined },
      '/data/type',
      'data.type must be "dora_deployment_patch_request", and is missing',
    ],
    ['another type', { change_failure: true }, { type: 'x' }, '/data/type', 'and is "x"'],
    [
      'another id than in the path',
      { change_failure: true },
      { id: 'x' },
      '/data/id',
      'must be the id in the path',
    ],
    ['no change_failure', {}, {}, '/data/attributes/change_failure', 'change_failure is missing'],
    [
      'a text for change_failure',
      { change_failure: 'yes' },
      {},
      '/data/attributes/change_failure',
      'must be true or false, not a text',
    ],
    [
      'a text for remediation',
      { change_failure: true, remediation: 'x' },
      {},
      '/data/attributes/remediation',
      'must be an object',
    ],
    [
      'another type of remediation',
      { change_failure: true, remediation: { id: 'a', type: 'hotfix' } },
      {},
      '/data/attributes/remediation/type',
      'remediation.type must be rollback or rollforward',
    ],
    [
      'no type of remediation',
      { change_failure: true, remediation: { id: 'a' } },
      {},
      '/data/attributes/remediation/type',
      'remediation.type is missing',
    ],
    [
      'neither id nor version of it',
      { change_failure: true, remediation: { type: 'rollback' } },
      {},
      '/data/attributes/remediation',
      'must have either the id or the version',
    ],
    [
      'both',
      { change_failure: true, remediation: { type: 'rollback', id: 'a', version: 'b' } },
      {},
      '/data/attributes/remediation',
      'must have either the id or the version',
    ],
  ])('%s', async (_what, attributes, more, pointer, words) => {
    const { deploy, patch, logged } = start();
    const id = await deploy(0);
    const { status, body } = await patch(id, attributes, more);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ detail: expect.stringContaining(words), source: { pointer } }]);
    expect(await logged()).toHaveLength(1);
  });
});

describe('an incident that was reported', () => {
  const report = {
    name: 'Checkout is slow',
    severity: 'SEV-2',
    team: 'payments',
    version: '1.4.2',
    custom_tags: ['a:b'],
    git,
  };
  const attributes = {
    services: ['checkout-api'],
    env: 'prod',
    name: 'Checkout is slow',
    severity: 'SEV-2',
    team: 'payments',
    version: '1.4.2',
    started_at: '2026-03-10T10:05:00.000Z',
    finished_at: '2026-03-10T10:35:00.000Z',
    custom_tags: ['a:b'],
    git: {
      commit_sha: git.commit_sha,
      repository_id: 'github.com/acme/checkout',
      repository_url: git.repository_url,
    },
    source: 'dora_api',
  };

  it.each(['at once, from the log', 'once it is worked out, from its row'])(
    'can be got %s, its start and end told apart',
    async (when) => {
      const { fail, settle, get } = start();
      const id = await fail(5, report);
      expect(await fail(5, { finished_at: day('10T10:35:00') })).toBe(id);
      if (!when.startsWith('at once')) await settle();
      expect(await get(failures, id)).toMatchObject({
        status: 200,
        body: { data: { id, type: 'dora_failure', attributes } },
      });
    },
  );

  it.each(['at once', 'later'])('can be taken back %s', async (when) => {
    const { fail, settle, ask, get, list } = start();
    const id = await fail(5);
    if (when === 'later') await settle();
    expect((await ask('DELETE', `/api/v2/dora/failure/${id}`)).status).toBe(202);
    expect((await get(failures, id)).status).toBe(404);
    await settle();
    expect((await ask('DELETE', `/api/v2/dora/failure/${id}`)).status).toBe(404);
    expect(await list(failures)).toEqual([]);
  });

  it('stands beside those of PagerDuty, which cannot be taken back here', async () => {
    const { fail, settle, list, get, ask, bridge } = start();
    const at = '2026-03-11T10:00:00.000Z';
    const service = { id: 'PSHOP', type: 'service_reference', summary: 'Shop' };
    await bridge.deliver(
      webhookBody('incident.triggered', {
        at,
        data: { id: 'QSHOP', status: 'triggered', created_at: at, service },
      }),
    );
    const id = await fail(5);
    await settle();
    expect(await list(failures)).toEqual(['pagerduty:QSHOP', id]);
    expect(await get(failures, 'pagerduty:QSHOP')).toMatchObject({
      status: 200,
      body: { data: { id: 'pagerduty:QSHOP', attributes: { services: ['Shop'], source: 'pagerduty' } } },
    });
    expect(await ask('DELETE', '/api/v2/dora/failure/pagerduty:QSHOP')).toMatchObject({ status: 400 });
    // What the bridge has told others of it comes back: answered with its id, and no second incident.
    expect(await fail(5, { id: 'pagerduty:QSHOP' })).toBe('pagerduty:QSHOP');
    await settle();
    expect(await list(failures)).toEqual(['pagerduty:QSHOP', id]);
  });

  it('that nobody reported is 404', async () => {
    const { get } = start();
    expect((await get(failures, 'pagerduty:QNONE')).status).toBe(404);
    expect((await get(failures, 'f:1')).status).toBe(404);
  });
});

describe('a list', () => {
  const world = start();
  const id: Record<string, string> = {};

  beforeAll(async () => {
    id['old'] = await world.deploy(-60 * 24 * 40, { version: '1' });
    id['first'] = await world.deploy(0, { version: '2', team: 'payments', custom_tags: ['language:java'] });
    id['second'] = await world.deploy(60, { version: '3', env: 'staging', custom_tags: ['language:go'] });
    id['cart'] = await world.deploy(120, { service: 'cart', team: 'web shop' });
    id['long'] = await world.deploy(60 * 24 * 5, { service: 'cart', started_at: day('10T09:00:00') });
    id['outage'] = await world.fail(5, { severity: 'SEV-1' });
    id['blip'] = await world.fail(30, { severity: 'SEV-2', finished_at: day('10T10:40:00') });
    await world.settle();
  });
  const listed = async (path: string, attributes: Record<string, unknown>) => {
    const names = Object.entries(id);
    const found = await world.list(path, attributes);
    return found.map((each) => names.find(([, value]) => value === each)?.[0]);
  };

  it.each<[Record<string, unknown>, string[]]>([
    [{}, ['cart', 'second', 'first', 'long', 'old']],
    [{ sort: '-started_at' }, ['cart', 'second', 'first', 'long', 'old']],
    [{ sort: 'started_at' }, ['old', 'long', 'first', 'second', 'cart']],
    [{ limit: 2 }, ['cart', 'second']],
    [{ limit: 2, sort: 'started_at' }, ['old', 'long']],
    [{ from: '2026-03-10T00:00:00Z' }, ['cart', 'second', 'first', 'long']],
    [{ to: '2026-03-10T09:58:30Z' }, ['first', 'long', 'old']],
    [{ to: '2026-03-10T09:58:29.999+00:00' }, ['long', 'old']],
    [{ from: '2026-03-10T09:00:00Z', to: '2026-03-10T09:30:00Z' }, ['long']],
    [{ query: '*' }, ['cart', 'second', 'first', 'long', 'old']],
    [{ query: 'service:cart' }, ['cart', 'long']],
    [{ query: 'service:(checkout-api OR cart) env:staging' }, ['second']],
    [{ query: 'env:(production OR prod) -service:cart' }, ['first', 'old']],
    [{ query: 'NOT service:cart AND env:prod' }, ['first', 'old']],
    [{ query: 'service:CHECK*' }, ['second', 'first', 'old']],
    [{ query: 'service:*out*api' }, ['second', 'first', 'old']],
    [{ query: 'team:"web shop"' }, ['cart']],
    [{ query: 'team:*' }, ['cart', 'first']],
    [{ query: '-team:*', limit: 2 }, ['second', 'long']],
    [{ query: '@language:java' }, ['first']],
    [{ query: 'language:(java OR go) version:3' }, ['second']],
    [{ query: 'constructor:x' }, []],
    [{ query: 'source:dora_api change_failure:false', limit: 1 }, ['cart']],
  ])('of deployments: %j', async (attributes, names) => {
    expect(await listed(deployments, attributes)).toEqual(names);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{}, ['blip', 'outage']],
    [{ sort: 'started_at' }, ['outage', 'blip']],
    [{ query: 'severity:(SEV-1 OR SEV-3)' }, ['outage']],
    [{ from: '2026-03-10T10:10:00Z' }, ['blip']],
  ])('of failures: %j', async (attributes, names) => {
    expect(await listed(failures, attributes)).toEqual(names);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['a number for from', { from: 1772445600 }, '/from', 'from must be a text, not a number'],
    ['a time without zone', { to: '2026-03-10T10:00:00' }, '/to', 'must be an ISO 8601 time with its zone'],
    [
      'to before from',
      { from: '2026-03-10T10:00:00Z', to: '2026-03-10T09:00:00Z' },
      '/to',
      'must not be before from',
    ],
    ['no limit at all', { limit: 0 }, '/limit', 'must be a whole number from 1 to 1000'],
    ['a text for limit', { limit: '5' }, '/limit', 'must be a whole number from 1 to 1000'],
    ['another order', { sort: 'finished_at' }, '/sort', 'must be started_at or -started_at'],
    ['a number for query', { query: 5 }, '/query', 'must be a text'],
    ['a word without a field', { query: 'checkout' }, '/query', 'cannot be read from here: checkout'],
    ['an open parenthesis', { query: 'env:(prod' }, '/query', 'cannot be read from here'],
    ['an open quote', { query: 'env:"prod' }, '/query', 'cannot be read from here'],
    ['OR outside', { query: 'env:a OR env:b' }, '/query', 'has OR outside of parentheses'],
    ['no OR inside', { query: 'env:(a b)' }, '/query', 'values with OR between them'],
    ['nothing inside', { query: 'env:()' }, '/query', 'values with OR between them'],
  ])('is refused: %s', async (_what, attributes, pointer, words) => {
    const data = { type: 'dora_deployments_list_request', attributes };
    const { status, body } = await world.ask('POST', deployments, { data });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { detail: expect.stringContaining(words), source: { pointer: `/data/attributes${pointer}` } },
    ]);
  });

  it('says where to report to whoever reports under its path', async () => {
    const { status, body } = await world.ask('POST', deployments, { data: { attributes: { service: 'a' } } });
    expect(status).toBe(400);
    expect(body.errors[0].detail).toContain('post it to /api/v2/dora/deployment');
  });

  it('of stars without end is searched at once', async () => {
    const query = `service:${'*a'.repeat(500)}*`;
    expect(await world.list(deployments, { query })).toEqual([]);
  });

  it.each([{}, { 'dd-api-key': both['dd-api-key'] }])(
    'is for nobody without both keys: %j',
    async (headers) => {
      const data = { type: 'dora_deployments_list_request', attributes: {} };
      const without = startIngest();
      expect(
        (await without.ask('POST', deployments, { data }, headers as Record<string, string>)).status,
      ).toBe(403);
    },
  );
});
