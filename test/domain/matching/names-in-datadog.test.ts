import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import { namesInDatadog, teamInDatadog } from '../../../lib/domain/matching/names-in-datadog.ts';
import { service } from '../../support/catalog-entries.ts';

const found: CatalogService[] = [
  service('api', { kind: 'api' }),
  service('api', { format: 'backstage', datadogName: 'api-svc' }),
  service('plain'),
];

it.each<[string[], string[] | undefined]>([
  [['API'], ['api-svc']],
  [['plain'], undefined],
  [['unknown'], undefined],
  [
    ['plain', 'api'],
    ['plain', 'api-svc'],
  ],
  [[], undefined],
])('%j are %j', (services, expected) => {
  expect(namesInDatadog(services, found)).toEqual(expected);
});

it.each<[string | undefined, string | undefined]>([
  ['Payments Team', 'payments-team'],
  ['PAYMENTS TEAM', 'payments-team'],
  ['Search', undefined],
  ['payments-team', undefined],
  [undefined, undefined],
])('the handle of team %j is %j', (team, expected) => {
  const owned = [
    service('ledger', { team: 'Payments Team' }),
    service('checkout', { team: 'Payments Team', teamHandle: 'payments-team' }),
    service('search', { team: 'Search' }),
  ];
  expect(teamInDatadog(team, owned)).toBe(expected);
});
