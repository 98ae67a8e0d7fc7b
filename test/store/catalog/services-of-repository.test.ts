import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import type { RepositorySettings } from '../../../lib/domain/matching/services-of-repository.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import { createServicesOfRepository } from '../../../lib/store/catalog/services-of-repository.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { service } from '../../support/catalog-entries.ts';
import { startTestDatabase, type TestDatabase } from '../../support/dynalite.ts';

const mono = 'github.com/acme/mono';
const on = (...repositories: string[]) => ({ repositories });

let database: TestDatabase;
let store: Store;
let now = Date.parse('2026-03-02T10:00:00.000Z');
let tokens = 0;
const push = (source: string, ...entries: CatalogEntry[]) =>
  pushCatalog(
    {
      store,
      clock: { now: () => (now += 1000), sleep: async () => {} },
      random: { token: () => `t${++tokens}`, unit: () => 0.5 },
    },
    { source, entries, allowEmpty: true },
  );
const of = (id: string, settings?: RepositorySettings) => createServicesOfRepository(store, settings)(id);

beforeEach(async () => {
  database = await startTestDatabase();
  store = database.store;
});
afterEach(() => database.stop());

it('is what the catalog says, all services of a repository', async () => {
  await push(
    'one',
    service('cart', on(mono)),
    service('billing', on(mono)),
    service('other', on('github.com/a/b')),
  );
  expect(await of(mono)).toEqual({
    services: ['billing', 'cart'],
    rule: 'catalog',
    explanation:
      'The catalog has the code of services "billing" and "cart" in github.com/acme/mono, a deployment each.',
    generation: expect.stringMatching(/^0000000001-/),
  });
});

it('follows the catalog, across sources, also where only the repository of a service changes', async () => {
  await push('one', service('cart', on(mono)));
  await push('two', service('billing', { format: 'backstage', ...on(mono) }));
  expect((await of(mono)).services).toEqual(['billing', 'cart']);
  await push('one', service('cart', on('github.com/acme/cart')));
  expect((await of(mono)).services).toEqual(['billing']);
  expect((await of('github.com/acme/cart')).services).toEqual(['cart']);
  await push('one', service('cart'));
  expect((await of('github.com/acme/cart')).rule).toBe('none');
});

it('is a service once that two sources describe, by the name that goes out', async () => {
  await push('datadog', service('cart-svc', on(mono)));
  await push(
    'portal',
    service('cart', { format: 'backstage', aliases: ['cart-svc'], datadogName: 'cart-svc', ...on(mono) }),
  );
  expect((await of(mono)).services).toEqual(['cart']);
});

it('is named with its namespace where two have the name', async () => {
  const api = (namespace: string, ...at: string[]) =>
    service('api', { format: 'backstage', namespace, ...on(...at) });
  await push('one', api('payments', mono), api('search', 'github.com/acme/search'));
  expect((await of(mono)).services).toEqual(['payments/api']);
});

it('leaves out what is described in the repository and not deployed, unless there is nothing else', async () => {
  const api = service('cart-api', { kind: 'api', ...on(mono) });
  await push('one', api, service('shop', { kind: 'system', ...on(mono) }));
  expect((await of(mono)).services).toEqual(['cart-api', 'shop']);
  await push('one', api, service('cart', on(mono)));
  expect((await of(mono)).services).toEqual(['cart']);
});

it('is unknown where it has more services than are deployed at once, until the configuration says which', async () => {
  const services = Array.from({ length: 51 }, (_, index) => service(`s${index}`, on(mono)));
  await push('one', ...services);
  expect(await of(mono)).toMatchObject({
    services: [],
    rule: 'none',
    explanation:
      'The catalog has the code of 51 services in github.com/acme/mono, more than are deployed at once (50). Set ingest.repositories: { "github.com/acme/mono": [<service>, …] } to those that are.',
  });
  expect((await of(mono, { repositories: { [mono]: 's7' } })).services).toEqual(['s7']);
  await push('one', ...services.slice(1));
  expect((await of(mono)).services).toHaveLength(50);
});

it('is what the configuration says before all else, in any spelling of the repository', async () => {
  await push('one', service('cart', on(mono)));
  const repositories = {
    'https://github.com/Acme/Mono.git': ['search', 'cart', 'cart'],
    'github.com/a/b': 'b',
  };
  expect(await of(mono, { repositories })).toMatchObject({
    services: ['cart', 'search'],
    rule: 'configured',
  });
  expect((await of('github.com/a/b', { repositories })).services).toEqual(['b']);
});

describe('where nobody says it', () => {
  it('is nothing, with what to do', async () => {
    expect(await of('gitlab.com/acme/cart')).toEqual({
      services: [],
      rule: 'none',
      explanation:
        'No catalog service names repository gitlab.com/acme/cart. Name it in the definition of its service (a link of type repo) and push the catalog, or set ingest.repositories: { "gitlab.com/acme/cart": <service> }.',
      generation: '0000000000',
    });
  });

  it('suggests the service that is called as the repository is', async () => {
    await push('one', service('CheckoutApi'));
    expect((await of('github.com/acme/checkout-api')).explanation).toBe(
      'No catalog service names repository github.com/acme/checkout-api. Is it service "CheckoutApi"? Then name it there (a link of type repo, or github.com/project-slug: acme/checkout-api) and push the catalog, or set ingest.repositories: { "github.com/acme/checkout-api": CheckoutApi }.',
    );
  });

  it.each(['__proto__', 'constructor', '', `github.com/${'x'.repeat(3000)}`, 'github.com/acme/\u0000'])(
    'is nothing for %j as well',
    async (id) => expect((await of(id, { repositories: {} })).services).toEqual([]),
  );
});
