import { parseDefinitions } from '../../../lib/domain/catalog/parse-definitions.ts';
import { repositoryIds } from '../../../lib/domain/catalog/repositories.ts';

/** What the one service of a definition says about where its code is. */
function repositories(text: string): string[] | undefined {
  const { definitions, findings } = parseDefinitions('a.yaml', text);
  expect(findings).toEqual([]);
  const [entry] = definitions.map((definition) => definition.entry);
  return entry?.type === 'service' ? entry.repositories : undefined;
}

describe('a link to code', () => {
  it.each([
    ['https://github.com/Acme/Checkout', 'github.com/acme/checkout'],
    ['https://github.com/acme/checkout.git', 'github.com/acme/checkout'],
    ['git@github.com:acme/checkout.git', 'github.com/acme/checkout'],
    ['https://token:x@github.com/acme/checkout', 'github.com/acme/checkout'],
    ['https://github.com/acme/mono/tree/main/services/cart', 'github.com/acme/mono'],
    ['https://github.com/acme/mono/blob/main/packages/@acme/cart/README.md', 'github.com/acme/mono'],
    ['https://github.com/acme/mono/actions', 'github.com/acme/mono'],
    ['https://gitlab.com/acme/shop/cart/-/tree/main/src', 'gitlab.com/acme/shop/cart'],
    ['https://gitlab.example.com/acme/shop/cart', 'gitlab.example.com/acme/shop/cart'],
    ['https://bitbucket.org/acme/cart/src/main/', 'bitbucket.org/acme/cart'],
    ['https://ghe.example.com/acme/cart/tree/main', 'ghe.example.com/acme/cart'],
  ])('%s means %s', (url, id) => expect(repositoryIds([url])).toEqual([id]));

  it('that names no repository is passed over', () => {
    expect(repositoryIds([undefined, '', 'TODO', 'https://'])).toEqual([]);
  });

  it('counts once, however often and in whatever spelling it is there', () => {
    expect(repositoryIds(['https://github.com/b/b', 'github.com/a/a', 'git@github.com:B/b.git'])).toEqual([
      'github.com/a/a',
      'github.com/b/b',
    ]);
  });
});

describe('a Datadog definition', () => {
  const link = '{name: Code, type: repo, url: "https://github.com/acme/checkout"}';
  it.each([
    ['v1, a resource', `info: {dd-service: pay}\nexternal-resources: [${link}]`],
    [
      'v1, the integration',
      'info: {dd-service: pay}\nintegrations: {github: "https://github.com/acme/checkout"}',
    ],
    [
      'v2, a repo',
      'schema-version: v2\ndd-service: pay\nrepos: [{name: Code, provider: github, url: "https://github.com/acme/checkout/tree/main/pay"}]',
    ],
    ['v2.1', `schema-version: v2.1\ndd-service: pay\nlinks: [${link}]`],
    ['v2.2', `schema-version: v2.2\ndd-service: pay\nlinks: [${link}]`],
    ['v3, a link', `apiVersion: v3\nkind: service\nmetadata: {name: pay, links: [${link}]}`],
    [
      'v3, a location',
      'apiVersion: v3\nkind: service\nmetadata: {name: pay}\ndatadog: {codeLocations: [{repositoryURL: "https://github.com/acme/checkout.git", paths: ["**"]}]}',
    ],
  ])('%s, says where its code is', (_, text) =>
    expect(repositories(text)).toEqual(['github.com/acme/checkout']),
  );

  it.each([
    ['other links', '[{name: Doc, type: doc, url: "https://github.com/acme/checkout/wiki"}]'],
    ['links that are none', '[TODO, 7, {type: repo}, {type: repo, url: 7}, {url: "https://github.com/a/b"}]'],
    ['no list', 'TODO'],
  ])('with %s says nothing, and has no fault', (_, links) =>
    expect(repositories(`schema-version: v2.2\ndd-service: pay\nlinks: ${links}`)).toBeUndefined(),
  );
});

describe('a Backstage entity', () => {
  const entity = (annotations: Record<string, string>, type = 'service') =>
    repositories(
      JSON.stringify({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'pay', annotations },
        spec: { type, owner: 'group:payments' },
      }),
    );
  const slug = 'github.com/project-slug';
  const source = 'backstage.io/source-location';
  const foundIn = 'backstage.io/managed-by-location';

  it.each<[string, Record<string, string>, string[] | undefined]>([
    ['a GitHub slug', { [slug]: 'acme/Checkout' }, ['github.com/acme/checkout']],
    ['a GitLab slug', { 'gitlab.com/project-slug': 'acme/shop/cart' }, ['gitlab.com/acme/shop/cart']],
    [
      'a GitLab slug on an instance',
      { 'gitlab.com/project-slug': 'acme/cart', 'gitlab.com/instance': 'gitlab.example.com' },
      ['gitlab.example.com/acme/cart'],
    ],
    ['a source', { [source]: 'url:https://github.com/acme/mono/tree/main/cart/' }, ['github.com/acme/mono']],
    [
      'a slug, and the source of the catalog it was found in',
      { [slug]: 'acme/checkout', [source]: 'url:https://github.com/acme/catalog/tree/main/' },
      ['github.com/acme/checkout'],
    ],
    [
      'a slug, and a source that tells on which GitHub',
      { [slug]: 'acme/checkout', [source]: 'url:https://ghe.example.com/acme/checkout/tree/main/' },
      ['ghe.example.com/acme/checkout'],
    ],
    [
      'a source that is where the usual file is',
      {
        [source]: 'url:https://github.com/acme/cart/tree/main/',
        [foundIn]: 'url:https://github.com/acme/cart/blob/main/catalog-info.yaml',
      },
      ['github.com/acme/cart'],
    ],
    [
      'a source that is only where the catalog is kept',
      {
        [source]: 'url:https://github.com/acme/portal/tree/main/services/',
        [foundIn]: 'url:https://github.com/acme/portal/blob/main/services/all.yaml',
      },
      undefined,
    ],
    [
      'a source that somebody wrote into a catalog',
      {
        [source]: 'url:https://gitlab.com/acme/cart/-/tree/main/',
        [foundIn]: 'url:https://gitlab.com/acme/portal/-/blob/main/services/all.yaml',
      },
      ['gitlab.com/acme/cart'],
    ],
    ['a source on a disk', { [source]: 'dir:./components' }, undefined],
    ['nothing', {}, undefined],
  ])('with %s', (_, annotations, expected) => expect(entity(annotations)).toEqual(expected));

  it('that is a library is not what is deployed from its repository', () => {
    expect(entity({ [slug]: 'acme/checkout' }, 'library')).toBeUndefined();
  });
});
