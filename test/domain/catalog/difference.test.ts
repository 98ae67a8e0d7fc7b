import fc from 'fast-check';
import { difference, isEmpty } from '../../../lib/domain/catalog/difference.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { service, team } from '../../support/catalog-entries.ts';

it.each<[string, CatalogEntry, CatalogEntry, unknown[]]>([
  [
    'a new team',
    service('a'),
    service('a', { team: 't' }),
    [{ attribute: 'team', before: null, after: 't' }],
  ],
  [
    'another URL',
    service('a', { pagerduty: 'https://a.pagerduty.com/services/P1' }),
    service('a', { pagerduty: 'P2' }),
    [
      { attribute: 'pagerdutyHost', before: 'a.pagerduty.com', after: null },
      { attribute: 'pagerdutyServiceId', before: 'P1', after: 'P2' },
    ],
  ],
  [
    'another format',
    service('a'),
    service('a', { format: 'backstage' }),
    [{ attribute: 'format', before: 'datadog-v2.2', after: 'backstage' }],
  ],
  [
    'other aliases',
    team('a'),
    team('a', { aliases: ['A'] }),
    [{ attribute: 'aliases', before: [], after: ['A'] }],
  ],
])('tells what changed: %s', (_, before, after, changes) => {
  expect(difference([before], [after])).toEqual({
    added: [],
    changed: [{ before, after, changes }],
    removed: [],
    unchanged: 0,
  });
});

it('counts what is unchanged, in whatever order its attributes are', () => {
  const entry = service('a', { team: 't', pagerduty: 'P1' });
  const reordered = Object.fromEntries(Object.entries(entry).reverse()) as unknown as CatalogEntry;
  expect(difference([entry], [reordered])).toEqual({ added: [], changed: [], removed: [], unchanged: 1 });
});

it('does not depend on order, and every entry is in one list', () => {
  const entry = fc
    .record({ name: fc.constantFrom('a', 'b', 'c', 'd'), team: fc.constantFrom('t', 'u') })
    .map(({ name, team: owner }) => service(name, { team: owner }));
  const entries = fc.uniqueArray(entry, { selector: ({ name }) => name });
  fc.assert(
    fc.property(entries, entries, (before, after) => {
      const result = difference(before, after);
      expect(difference([...before].reverse(), [...after].reverse())).toEqual(result);
      expect(result.added.length + result.changed.length + result.unchanged).toBe(after.length);
      expect(result.removed.length + result.changed.length + result.unchanged).toBe(before.length);
      expect(isEmpty(difference(after, after))).toBe(true);
    }),
  );
});
