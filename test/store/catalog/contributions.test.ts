import type { Unread } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry, Origin } from '../../../lib/domain/catalog/entry.ts';
import { catalogItems, listCatalog } from '../../../lib/store/catalog/list.ts';
import { createMatcher } from '../../../lib/store/catalog/matcher.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { startTestDatabase, type TestDatabase } from '../../support/dynalite.ts';

const url = (id: string) => `https://acme.pagerduty.com/service-directory/${id}`;

let database: TestDatabase;
let store: Store;
let now: number;
let tokens = 0;
const random = { token: () => `t${++tokens}`, unit: () => 0.5 };
const push = (source: string, entries: CatalogEntry[], unread: Unread[] = [], allowEmpty = false) =>
  pushCatalog(
    { store, clock: { now: () => now, sleep: async () => {} }, random },
    { source, entries, unread, allowEmpty },
  );
const matchOn = async (on: Store, id: string, name: string, teams: string[] = []) =>
  (
    await createMatcher(on).match({
      service: { id, name, url: `https://acme.pagerduty.com/services/${id}` },
      teams: teams.map((teamName) => ({ id: 'PTEAM', name: teamName })),
    })
  ).match;
const match = (id: string, name: string, teams?: string[]) => matchOn(store, id, name, teams);

beforeEach(async () => {
  database = await startTestDatabase();
  store = database.store;
  now = Date.parse('2026-03-02T10:00:00.000Z');
});
afterEach(() => database.stop());

const backstage = { format: 'backstage' } as const;

describe('a service of two sources', () => {
  const linked = service('a', { pagerduty: url('P1') });
  const owned = service('a', { ...backstage, team: 'payments' });

  it.each([
    ['the link first', ['links', 'owners']],
    ['the owner first', ['owners', 'links']],
  ])('is one, made of what both say: %s', async (_, order) => {
    for (const source of order) await push(source, source === 'links' ? [linked] : [owned]);
    expect(await match('P1', 'Something')).toMatchObject({
      rule: 'service_url',
      services: ['a'],
      team: 'payments',
    });
    expect(await match('P9', 'A')).toMatchObject({ rule: 'service_name', services: ['a'], team: 'payments' });
  });

  it('is what the other one says of it once one of them lets go of it', async () => {
    await push('links', [linked, service('b')]);
    await push('owners', [owned, service('c')]);
    const gone = await push('links', [service('b')]);
    expect(
      gone.stillDefined.map(({ entry, others }) => [entry.name, others.map(({ source }) => source)]),
    ).toEqual([['a', ['owners']]]);
    expect(await match('P1', 'Something')).toMatchObject({ rule: 'none' });
    expect(await match('P1', 'a')).toMatchObject({ services: ['a'], team: 'payments' });
    await push('links', [linked]);
    await push('owners', [], [], true);
    expect(await match('P1', 'Something')).toMatchObject({ services: ['a'] });
    expect((await match('P1', 'Something')).team).toBeUndefined();
  });

  it('that contradict each other is the one’s that comes later by name, whoever pushes last', async () => {
    const other = service('a', { team: 'search', pagerduty: url('P1') });
    const plans = [await push('owners', [owned]), await push('links', [other])];
    expect(plans.map(({ contradictions }) => contradictions)).toEqual([
      [],
      [
        'service "a" has team "payments" in source "owners" and "search" in source "links"; "owners" holds, for it comes later by name',
      ],
    ]);
    expect((await match('P1', 'x')).team).toBe('payments');
    await push('owners', [{ ...owned, team: 'billing' }]);
    expect((await match('P1', 'x')).team).toBe('billing');
  });

  it('is listed once, with both', async () => {
    await push('links', [linked]);
    await push('owners', [owned, team('payments')]);
    const items = catalogItems(await listCatalog(store));
    expect(items.map(({ name, sources, formats }) => [name, sources, formats])).toEqual([
      ['a', ['links', 'owners'], ['datadog-v2.2', 'backstage']],
      ['payments', ['owners'], ['backstage']],
    ]);
  });

  it('is found by the name it has in Datadog, where the other source has no other', async () => {
    await push('links', [service('a-svc', { pagerduty: url('P1') })]);
    await push('owners', [{ ...owned, aliases: ['a-svc'], datadogName: 'a-svc' }]);
    expect(await match('P1', 'x')).toMatchObject({ services: ['a'], team: 'payments' });
  });
});

describe('names of several namespaces', () => {
  const groups = ['payments', 'search'].map((namespace) =>
    team('backend', { namespace, aliases: [`${namespace} Backend`] }),
  );
  const owned = (name: string, teamNamespace: string, id: string) =>
    service(name, { ...backstage, team: 'backend', teamNamespace, pagerduty: url(id) });

  it('go out with their namespace, also where the other is of another source', async () => {
    const [payments, search] = groups as [CatalogEntry, CatalogEntry];
    await push('one', [payments, owned('ledger', 'payments', 'P1')]);
    expect((await match('P1', 'x')).team).toBe('backend');
    await push('two', [search, owned('finder', 'search', 'P2')]);
    expect((await match('P1', 'x')).team).toBe('payments/backend');
    expect((await match('P2', 'x')).team).toBe('search/backend');
    await push('two', [service('other')]);
    expect((await match('P1', 'x')).team).toBe('backend');
  });

  it('do not decide by the short one alone', async () => {
    await push('one', groups);
    expect((await match('P9', 'x', ['Backend'])).rule).toBe('none');
    expect((await match('P9', 'x', ['Search Backend'])).team).toBe('search/backend');
    expect((await match('P9', 'x', ['payments/backend'])).team).toBe('payments/backend');
  });

  it('count where the group itself is not defined', async () => {
    await push('one', [
      owned('ledger', 'payments', 'P1'),
      owned('finder', 'search', 'P2'),
      groups[1] as CatalogEntry,
    ]);
    expect((await match('P1', 'x')).team).toBe('payments/backend');
    expect((await match('P2', 'x')).team).toBe('search/backend');
  });

  it('are told apart for services too', async () => {
    const inNamespace = (namespace: string, id: string) =>
      service('api', { ...backstage, namespace, pagerduty: url(id) });
    await push('one', [
      inNamespace('eu', 'P1'),
      inNamespace('us', 'P2'),
      service('lone', { ...backstage, namespace: 'eu' }),
    ]);
    expect((await match('P1', 'x')).services).toEqual(['eu/api']);
    expect((await match('P2', 'x')).services).toEqual(['us/api']);
    expect((await match('P9', 'lone')).services).toEqual(['lone']);
  });

  it('are short where one namespace has them only', async () => {
    await push('one', [groups[0] as CatalogEntry, owned('ledger', 'payments', 'P1')]);
    expect(await match('P1', 'x')).toMatchObject({ services: ['ledger'], team: 'backend' });
    expect((await match('P9', 'x', ['Backend'])).team).toBe('backend');
  });

  it('are listed with them', async () => {
    await push('one', [...groups, owned('ledger', 'payments', 'P1')]);
    expect(catalogItems(await listCatalog(store)).map(({ name, entry }) => [name, entry.namespace])).toEqual([
      ['ledger', 'default'],
      ['payments/backend', 'payments'],
      ['search/backend', 'search'],
    ]);
  });
});

it('costs a third round trip only where sources or namespaces share names', async () => {
  let roundTrips = 0;
  let open = 0;
  const counted: Store = {
    ...database.store,
    db: {
      send: async (command) => {
        if (open++ === 0) roundTrips++;
        try {
          return await database.store.db.send(command);
        } finally {
          open--;
        }
      },
    },
  };
  const trips = async () => {
    roundTrips = 0;
    await matchOn(counted, 'P1', 'x', ['payments']);
    return roundTrips;
  };
  await push('one', [service('a', { pagerduty: url('P1'), team: 't' })]);
  await push('two', [service('b', { team: 't' })]);
  expect(await trips()).toBe(2);
  await push('two', [service('a', { team: 't' })]);
  expect(await trips()).toBe(3);
});

describe('what could not be read', () => {
  const at = (entry: CatalogEntry, ...files: string[]): CatalogEntry => ({
    ...entry,
    origins: files.map((file): Origin => ({ file, format: entry.format })),
  });
  const a = at(service('a', { team: 'one' }), 'svc/a.yaml');
  const b = at(service('b'), 'svc/b.yaml');
  const names = async () =>
    (await listCatalog(store)).sources.flatMap(({ entries }) => entries.map(({ name }) => name));

  it.each<[string, CatalogEntry[], Unread[], string[], string[]]>([
    [
      'a definition with a fault',
      [b],
      [{ file: 'svc/a.yaml', identity: 'service:default/a' }],
      ['a'],
      ['a', 'b'],
    ],
    ['a file with a fault', [b], [{ file: 'svc/a.yaml' }], ['a'], ['a', 'b']],
    ['a folder', [], [{ file: 'svc' }], ['a', 'b'], ['a', 'b']],
    ['the whole repository', [], [{ file: '.' }], ['a', 'b'], ['a', 'b']],
    ['another file', [b], [{ file: 'svc/a.yaml.bak' }], [], ['b']],
    [
      'another definition of the file',
      [b],
      [{ file: 'svc/a.yaml', identity: 'service:default/new' }],
      [],
      ['b'],
    ],
    ['nothing', [b], [], [], ['b']],
  ])('stays: %s', async (_, entries, unread, kept, listed) => {
    await push('default', [a, b]);
    now += 86_400_000;
    const plan = await push('default', entries, unread);
    expect(plan.kept.map(({ name, keptFrom }) => [name, keptFrom])).toEqual(
      kept.map((name) => [name, '2026-03-02T10:00:00.000Z']),
    );
    expect(await names()).toEqual(listed);
  });

  it('keeps the day from which it is kept, until it can be read again', async () => {
    await push('default', [a, b]);
    now += 86_400_000;
    await push('default', [service('c')], [{ file: 'svc/a.yaml' }]);
    now += 86_400_000;
    const again = await push('default', [service('c'), service('d')], [{ file: 'svc/a.yaml' }]);
    expect(again.kept.map(({ keptFrom }) => keptFrom)).toEqual(['2026-03-02T10:00:00.000Z']);
    expect((await push('default', [a])).kept).toEqual([]);
    const [listed] = (await listCatalog(store)).sources;
    expect(listed?.entries).toEqual([a]);
  });

  it('is only the part of it that could not be read', async () => {
    const whole = {
      ...at(
        service('a', { team: 'one', pagerduty: url('P1') }),
        'a/catalog-info.yaml',
        'a/service.datadog.yaml',
      ),
    };
    await push('default', [whole]);
    await push(
      'default',
      [at(service('a', { pagerduty: url('P2') }), 'a/service.datadog.yaml')],
      [{ file: 'a/catalog-info.yaml' }],
    );
    expect(await match('P2', 'x')).toMatchObject({ services: ['a'], team: 'one' });
    expect((await match('P1', 'x')).rule).toBe('none');
  });

  it('of a push before files were written down is everything, as long as any file cannot be read', async () => {
    await push('default', [service('old'), service('b')]);
    expect((await push('default', [b], [{ file: 'svc/a.yaml' }])).kept.map(({ name }) => name)).toEqual([
      'old',
    ]);
    expect(
      (await push('default', [b], [{ file: 'svc/a.yaml', identity: 'service:default/x' }])).kept,
    ).toEqual([]);
  });

  it('never empties a source', async () => {
    await push('default', [a]);
    expect((await push('default', [], [{ file: 'svc/a.yaml' }])).difference).toMatchObject({
      removed: [],
      unchanged: 1,
    });
    await expect(push('new', [], [{ file: 'svc/a.yaml' }])).rejects.toMatchObject({ code: 'catalog_empty' });
    await expect(push('default', [], [{ file: 'other.yaml' }])).rejects.toMatchObject({
      code: 'catalog_empty',
    });
  });

  it('is written down when files move, though nothing else differs', async () => {
    await push('default', [a]);
    const moved = await push('default', [at(service('a', { team: 'one' }), 'svc/moved.yaml')]);
    expect(moved.difference).toMatchObject({ changed: [], unchanged: 1 });
    expect((await push('default', [service('b')], [{ file: 'svc/moved.yaml' }])).kept).toHaveLength(1);
  });
});

it('reads what the version before pushed, and rewrites it at the next push', async () => {
  const { source } = await push('default', [
    service('a', { ...backstage, team: 't', pagerduty: url('P1') }),
    team('t'),
  ]);
  const asBefore = await listCatalog(store);
  expect(asBefore.sources[0]?.entries).toEqual([
    service('a', { ...backstage, team: 't', pagerduty: url('P1') }),
    team('t'),
  ]);
  const again = await push(source, [
    {
      ...service('a', { ...backstage, team: 't', pagerduty: url('P1') }),
      origins: [{ file: 'a.yaml', format: 'backstage' }],
    },
    team('t'),
  ]);
  expect(again).toMatchObject({ difference: { unchanged: 2 }, result: { rowsWritten: 6 } });
});
