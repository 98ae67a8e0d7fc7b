import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { uniteDefinitions } from '../../../lib/domain/catalog/unite-definitions.ts';
import { service, team } from '../../support/catalog-entries.ts';

const unite = (entries: CatalogEntry[], strict = false) => {
  const definitions = entries.map((entry, index) => ({ entry, file: `${index}.yaml`, line: 7 }));
  const { findings, merged, ...rest } = uniteDefinitions(definitions, strict);
  return {
    entries: rest.entries,
    findings: findings.map((finding) => `${finding.severity} ${showFinding(finding)}`),
    places: merged.map(({ places }) => places.join(' ')),
  };
};
const url = 'https://acme.pagerduty.com/services/PF9KMXH';
const backstage = { format: 'backstage' } as const;

describe('one entry is made of', () => {
  it.each<[string, CatalogEntry[], CatalogEntry[]]>([
    ['one definition twice', [service('a'), service('a')], [service('a')]],
    [
      'two that differ in case and spacing',
      [service('Checkout API', { team: 't' }), service('checkout  api', { team: 't' })],
      [service('checkout  api', { team: 't' })],
    ],
    [
      'two that complement each other',
      [service('a', { ...backstage, pagerduty: 'PF9KMXH', displayName: 'Aye' }), service('a', { team: 't' })],
      [service('a', { ...backstage, team: 't', pagerduty: 'PF9KMXH', displayName: 'Aye' })],
    ],
    [
      'an id and the same id with its account, in any order',
      [service('a', { pagerduty: url }), service('a', { ...backstage, pagerduty: 'PF9KMXH' })],
      [service('a', { ...backstage, pagerduty: url })],
    ],
    [
      'an account and the account with its region',
      [
        service('a', { pagerduty: 'https://acme.eu.pagerduty.com/services/PF9KMXH' }),
        { ...service('a', backstage), pagerduty: { host: 'acme', id: 'PF9KMXH' } },
      ],
      [service('a', { ...backstage, pagerduty: 'https://acme.eu.pagerduty.com/services/PF9KMXH' })],
    ],
    [
      'two titles, of which one is a title and the other an alias',
      [service('a', { displayName: 'Aye' }), service('a', { displayName: 'The A' })],
      [service('a', { displayName: 'The A', aliases: ['Aye'] })],
    ],
    [
      'a team without a namespace and the same in one',
      [service('a', { ...backstage, team: 't', teamNamespace: 'eu' }), service('a', { team: 't' })],
      [service('a', { team: 't', teamNamespace: 'eu' })],
    ],
    [
      'a team and its display name',
      [
        team('crew', { aliases: ['Pay Crew'] }),
        service('a', { team: 'crew' }),
        service('a', { team: 'Pay Crew' }),
      ],
      [team('crew', { aliases: ['Pay Crew'] }), service('a', { team: 'Pay Crew', otherTeams: ['crew'] })],
    ],
    [
      'two definitions of a team',
      [team('a', { aliases: ['x'] }), team('a', { aliases: ['y'] })],
      [team('a', { aliases: ['x', 'y'] })],
    ],
    [
      'an entity in a namespace and the only Datadog definition of its name',
      [service('a', { ...backstage, namespace: 'eu', team: 't' }), service('a', { pagerduty: url })],
      [service('a', { ...backstage, format: 'datadog-v2.2', namespace: 'eu', team: 't', pagerduty: url })],
    ],
    [
      'an entity and what Datadog calls it',
      [
        service('checkout-svc', { pagerduty: url }),
        service('checkout', {
          ...backstage,
          team: 't',
          aliases: ['checkout-svc'],
          datadogName: 'checkout-svc',
        }),
      ],
      [
        service('checkout', {
          format: 'datadog-v2.2',
          team: 't',
          aliases: ['checkout-svc'],
          datadogName: 'checkout-svc',
          pagerduty: url,
        }),
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(unite(given)).toMatchObject({ entries: expected, findings: [] });
  });
});

it.each<[string, CatalogEntry[]]>([
  ['a service and an API', [service('a'), service('a', { kind: 'api' })]],
  ['a service and a team', [service('a'), team('a')]],
  ['two namespaces', [service('a', backstage), service('a', { ...backstage, namespace: 'eu' })]],
  ['different names', [service('a'), service('b')]],
  [
    'a Datadog definition and two entities it could be',
    [
      service('a'),
      service('a', { ...backstage, namespace: 'eu' }),
      service('a', { ...backstage, namespace: 'us' }),
    ],
  ],
])('%s stay apart', (_, given) => {
  expect(unite(given)).toEqual({ entries: given, findings: [], places: [] });
});

describe('of two definitions that contradict each other', () => {
  const teams = [service('a', { team: 'one' }), service('a', { team: 'two' })];

  it('the later one holds, and the warning names both', () => {
    expect(unite(teams)).toEqual({
      entries: [service('a', { team: 'two', otherTeams: ['one'] })],
      findings: [
        'warning 1.yaml:7: service "a" has team "two" here and "one" in 0.yaml:7; this one holds, for it comes later',
      ],
      places: ['0.yaml:7 1.yaml:7'],
    });
  });

  it('is said of links too, by service and account', () => {
    const other = 'https://other.pagerduty.com/services/PF9KMXH';
    expect(unite([service('a', { pagerduty: url }), service('a', { pagerduty: other })]).findings).toEqual([
      expect.stringContaining(
        'has PagerDuty service other.pagerduty.com/services/PF9KMXH here and acme.pagerduty.com/services/PF9KMXH in 0.yaml:7',
      ),
    ]);
  });

  it('each is compared with the one it overrules', () => {
    const three = [service('a', { team: 'one' }), service('a'), service('a', { team: 'two' })];
    expect(unite(three).findings).toEqual([expect.stringMatching(/^warning 2\.yaml:7: .* in 0\.yaml:7;/)]);
  });

  it('teams of one name in two namespaces are two', () => {
    const [one, other] = ['eu', 'us'].map((teamNamespace) =>
      service('a', { ...backstage, team: 't', teamNamespace }),
    );
    expect(unite([one as CatalogEntry, other as CatalogEntry]).findings).toEqual([
      expect.stringContaining('has team "us/t" here and "eu/t" in'),
    ]);
  });

  it('neither holds when strict', () => {
    expect(unite(teams, true).findings).toEqual([
      'error 1.yaml:7: service "a" has team "two" here and "one" in 0.yaml:7',
    ]);
  });
});
