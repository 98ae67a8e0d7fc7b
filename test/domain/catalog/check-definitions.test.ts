import { checkDefinitions } from '../../../lib/domain/catalog/check-definitions.ts';
import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { service, team } from '../../support/catalog-entries.ts';

const check = (...entries: CatalogEntry[]) =>
  checkDefinitions(entries.map((entry, index) => ({ entry, file: `${index}.yaml`, line: 7 }))).map(
    (finding) => `${finding.severity} ${showFinding(finding)}`,
  );

it.each<[string, CatalogEntry[], string[]]>([
  [
    'one service twice',
    [service('a'), service('a', { team: 't' })],
    ['error 1.yaml:7: service "a" is defined twice; the other definition is in 0.yaml:7'],
  ],
  [
    'one service in two formats',
    [service('a'), service('a', { format: 'backstage' })],
    ['error 1.yaml:7: service "a" is defined twice; the other definition is in 0.yaml:7'],
  ],
  [
    'one service three times',
    [service('a'), service('a'), service('a')],
    [
      'error 1.yaml:7: service "a" is defined twice; the other definition is in 0.yaml:7',
      'error 2.yaml:7: service "a" is defined twice; the other definition is in 0.yaml:7',
    ],
  ],
  [
    'one service twice in a namespace',
    [service('a', { namespace: 'eu' }), service('a', { namespace: 'eu' })],
    ['error 1.yaml:7: service "a" (namespace eu) is defined twice; the other definition is in 0.yaml:7'],
  ],
  [
    'one team twice',
    [team('a'), team('a')],
    ['error 1.yaml:7: team "a" is defined twice; the other definition is in 0.yaml:7'],
  ],
  [
    'names that differ in case',
    [service('a'), service('A')],
    [
      'warning 1.yaml:7: service "A" and "a" in 0.yaml:7 are the same name to the rules, which ignore case and spacing',
    ],
  ],
  ['a service and an API', [service('a'), service('a', { kind: 'api' })], []],
  ['a service and a team', [service('a'), team('a')], []],
  ['two namespaces', [service('a'), service('a', { namespace: 'eu' })], []],
  ['different names', [service('a'), service('b')], []],
])('checks %s', (_, entries, expected) => {
  expect(check(...entries)).toEqual(expected);
});
