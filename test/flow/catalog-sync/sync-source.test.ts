import type { CatalogSourceConfig } from '../../../lib/adapters/catalog-sources/sources.ts';
import { createCatalogSource } from '../../../lib/adapters/catalog-sources/sources.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import { type SyncOptions, syncSource } from '../../../lib/flow/catalog-sync/sync-source.ts';
import { listCatalog } from '../../../lib/store/catalog/list.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import {
  type Answer,
  type LocalServer,
  type Received,
  startServer,
} from '../../adapters/outgoing-http/local-server.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';

type Behave = (answer: Answer, request: Received) => void;
let server: LocalServer;
let behave: Behave;
let store: Store;
let now: number;
let slept: number[];
const clock = {
  now: () => now,
  sleep: async (ms: number) => {
    slept.push(ms);
    now += ms;
  },
};
let tokens = 0;
const random = { token: () => `t${++tokens}`, unit: () => 0.5 };

beforeAll(async () => {
  server = await startServer((answer, request) => behave(answer, request));
});
afterAll(() => server.stop());
beforeEach(() => {
  store = {
    db: createMemoryDynamoDb(tableDefinitions, (name) => `test-${name}`),
    table: (name) => `test-${name}`,
  };
  now = Date.parse('2026-03-02T10:00:00.000Z');
  slept = [];
  server.received.length = 0;
});

const json = (answer: Answer, body: unknown, status = 200, headers = {}) =>
  answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const secrets = { read: async (reference: string) => [`value-of-${reference}`] };
const sources: Record<'backstage' | 'datadog', () => CatalogSourceConfig> = {
  backstage: () => ({
    name: 'live',
    type: 'backstage',
    url: `${server.url}/`,
    token: 'env:T',
    allow_private: false,
  }),
  datadog: () => ({
    name: 'live',
    type: 'datadog',
    site: 'datadoghq.eu',
    base_url: server.url,
    api_key: 'env:A',
    application_key: 'env:B',
    allow_private: false,
  }),
};
const sync = (type: 'backstage' | 'datadog', options: SyncOptions = {}) =>
  syncSource(
    { store, clock, random },
    createCatalogSource(sources[type](), { http: createNodeHttp({ allowLoopback: true }), secrets, clock }),
    options,
  );
const inCatalog = async () =>
  (await listCatalog(store)).sources.flatMap(({ entries }) => entries.map(({ name }) => name)).sort();
const path = ({ path: text }: Received) => new URL(text, 'http://x');

/** Answers as Backstage does: cursors, `totalItems`, owners in `relations`. */
function backstage(names: readonly string[], pageSize = 2): Behave {
  return (answer, request) => {
    const start = Number(path(request).searchParams.get('cursor') ?? 0);
    const next = start + pageSize;
    json(answer, {
      items: names.slice(start, next).map((name) => ({
        kind: 'Component',
        metadata: { name, namespace: 'default', annotations: { 'pagerduty.com/service-id': 'PABCDEF' } },
        spec: { type: 'service', owner: 'whoever' },
        relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
      })),
      totalItems: names.length,
      pageInfo: next < names.length ? { nextCursor: String(next) } : {},
    });
  };
}

/** Answers as Datadog does: pages of a hundred, definitions of entities in `included`. */
function datadog(names: readonly string[], older: readonly string[] = []): Behave {
  return (answer, request) => {
    const { pathname, searchParams } = path(request);
    const size = Number(searchParams.get('page[limit]') ?? searchParams.get('page[size]'));
    const start = Number(searchParams.get('page[offset]') ?? Number(searchParams.get('page[number]')) * size);
    if (pathname === '/api/v2/services/definitions') {
      const schema = (name: string) => ({ 'schema-version': 'v2.2', 'dd-service': name, team: 'payments' });
      const data = older.slice(start, start + size).map((name) => ({ attributes: { schema: schema(name) } }));
      json(answer, { data });
      return;
    }
    const page = names.slice(start, start + size);
    json(answer, {
      data: page.map((name) => ({
        id: name,
        attributes: { apiVersion: 'v3', kind: 'service', name, owner: 'search' },
      })),
      included: page
        .filter((name) => !name.startsWith('bare'))
        .map((name) => ({
          id: name,
          type: 'schema',
          attributes: {
            schema: { apiVersion: 'v3', kind: 'service', metadata: { name, owner: 'payments' } },
          },
        })),
    });
  };
}
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `svc-${String(index).padStart(4, '0')}`);
const live = { backstage, datadog } as const;

describe('Backstage', () => {
  it('is read page by page, with the token, the owner as Backstage resolved it', async () => {
    behave = backstage(['a', 'b', 'c', 'd', 'e']);
    expect(await sync('backstage')).toMatchObject({ kind: 'synced', faults: [] });
    expect(await inCatalog()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const [source] = (await listCatalog(store)).sources;
    expect(source).toMatchObject({
      source: 'live',
      entries: [{ name: 'a', team: 'payments', pagerduty: { id: 'PABCDEF' } }, {}, {}, {}, {}],
    });
    const [first, second] = server.received;
    expect(first?.headers.authorization).toBe('Bearer value-of-env:T');
    expect(path(first as Received).pathname).toBe('/api/catalog/entities/by-query');
    expect(path(first as Received).searchParams.get('limit')).toBe('500');
    expect([...path(second as Received).searchParams]).toEqual([['cursor', '2']]);
  });

  it.each<[string, Behave]>([
    [
      'a page that comes again and again',
      (answer) => json(answer, { items: [{}], pageInfo: { nextCursor: 'x' } }),
    ],
    [
      'fewer entities than it says it has',
      (answer) => json(answer, { items: [], totalItems: 7, pageInfo: {} }),
    ],
    ['no items', (answer) => json(answer, { error: 'nope' })],
  ])('changes nothing for %s', async (_, then) => {
    behave = backstage(['a']);
    await sync('backstage');
    behave = then;
    expect(await sync('backstage')).toMatchObject({ kind: 'failed', code: 'source_unreadable' });
    expect(await inCatalog()).toEqual(['a']);
  });
});

it('a page of more than 20 MB changes nothing, and says so', async () => {
  const padded =
    (bytes: number): Behave =>
    (answer, request) => {
      const end = answer.end.bind(answer) as (text: string) => Answer;
      // JSON may have blanks at its end.
      answer.end = ((text: string) => end(text.padEnd(bytes))) as typeof answer.end;
      backstage(['a'])(answer, request);
    };
  behave = padded(19_999_999);
  expect(await sync('backstage')).toMatchObject({ kind: 'synced' });
  behave = padded(20_000_001);
  const reason = expect.stringContaining('more than 20 MB');
  expect(await sync('backstage')).toMatchObject({ kind: 'failed', code: 'source_unreadable', reason });
  expect(await inCatalog()).toEqual(['a']);
});

describe('Datadog', () => {
  it('is read to the last page of both lists, with both keys; of a service in both the entity counts', async () => {
    const names = many(205);
    behave = datadog([...names, 'bare-one'], ['older', 'svc-0001']);
    expect(await sync('datadog')).toMatchObject({ kind: 'synced', faults: [] });
    expect(await inCatalog()).toEqual(['bare-one', 'older', ...names].sort());
    const entries = (await listCatalog(store)).sources[0]?.entries ?? [];
    expect(entries.find(({ name }) => name === 'bare-one')).toMatchObject({ team: 'search' });
    expect(server.received[0]?.headers).toMatchObject({
      'dd-api-key': 'value-of-env:A',
      'dd-application-key': 'value-of-env:B',
    });
  });

  it('may have no list of older definitions any more', async () => {
    behave = (answer, request) =>
      request.path.startsWith('/api/v2/services') ? json(answer, {}, 404) : datadog(['a'])(answer, request);
    expect(await sync('datadog')).toMatchObject({ kind: 'synced' });
    expect(await inCatalog()).toEqual(['a']);
  });
});

describe.each(['backstage', 'datadog'] as const)('a live catalog (%s)', (type) => {
  const names = many(type === 'datadog' ? 150 : 9);
  beforeEach(async () => {
    behave = live[type](names);
    expect(await sync(type)).toMatchObject({ kind: 'synced' });
    server.received.length = 0;
    slept.length = 0;
  });
  const stays = async (code: string, options: SyncOptions = {}) => {
    expect(await sync(type, options)).toMatchObject({ kind: 'failed', code });
    expect(await inCatalog()).toEqual(names);
  };

  it('is waited for as long as it asks when it throttles', async () => {
    let refused = 0;
    const answers = live[type](names);
    behave = (answer, request) =>
      refused++ < 2 ? json(answer, {}, 429, { 'retry-after': '7' }) : answers(answer, request);
    expect(await sync(type)).toMatchObject({
      kind: 'synced',
      plan: { difference: { unchanged: names.length } },
    });
    expect(slept).toEqual([7_000, 7_000]);
  });

  it('is given up when it asks for more time than there is, or throttles without end', async () => {
    behave = (answer) => json(answer, {}, 429, { 'retry-after': '3600' });
    await stays('source_unreadable');
    behave = (answer) => json(answer, {}, 429);
    await stays('source_unreadable');
    expect(server.received).toHaveLength(1 + 4);
  });

  it('that fails half-way changes nothing', async () => {
    const answers = live[type](names);
    let served = 0;
    behave = (answer, request) => (served++ < 1 ? answers(answer, request) : json(answer, {}, 500));
    await stays('source_unreadable');
    served = 0;
    behave = (answer, request) => {
      if (served++ < 1) return answers(answer, request);
      answer.writeHead(200, { 'content-length': '5000' });
      answer.write('{"items":[');
      answer.destroy();
    };
    await stays('source_unreadable');
  });

  it.each<[string, Behave]>([
    ['a page for people', (answer) => answer.writeHead(200).end('<html>Sign in</html>')],
    ['JSON of another kind', (answer) => json(answer, ['x'])],
    ['an object of another kind', (answer) => json(answer, { status: 'ok' })],
    ['refused keys', (answer) => json(answer, {}, 403)],
    ['a redirect', (answer) => answer.writeHead(302, { location: 'https://example.com' }).end()],
  ])('that answers with %s changes nothing', async (_, then) => {
    behave = then;
    await stays('source_unreadable');
  });

  it('that has nothing any more changes nothing, whatever is allowed', async () => {
    behave = live[type]([]);
    await stays('catalog_empty');
    await stays('catalog_empty', { allowShrink: true });
  });

  it('that has lost more than a third needs a word', async () => {
    const fewer = names.slice(0, Math.ceil((names.length * 2) / 3) - 1);
    behave = live[type](fewer);
    await stays('catalog_shrunk');
    expect(await sync(type, { allowShrink: true, dryRun: true })).toMatchObject({ kind: 'synced' });
    expect(await inCatalog()).toEqual(names);
    expect(await sync(type, { allowShrink: true })).toMatchObject({ kind: 'synced' });
    expect(await inCatalog()).toEqual(fewer);
  });

  it('that has lost a third does not', async () => {
    const fewer = names.slice(0, (names.length * 2) / 3);
    behave = live[type](fewer);
    expect(await sync(type)).toMatchObject({ kind: 'synced' });
    expect(await inCatalog()).toEqual(fewer);
  });

  it('is not sent the keys of a secret that cannot be read', async () => {
    const unreadable = { read: () => Promise.reject(new Error('no such variable')) };
    const source = createCatalogSource(sources[type](), {
      http: createNodeHttp({ allowLoopback: true }),
      secrets: unreadable,
      clock,
    });
    const outcome = await syncSource({ store, clock, random }, source);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'source_unreadable' });
    expect(server.received).toEqual([]);
  });
});
