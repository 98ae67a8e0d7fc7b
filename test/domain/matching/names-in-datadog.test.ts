import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import { namesInDatadog } from '../../../lib/domain/matching/names-in-datadog.ts';
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
