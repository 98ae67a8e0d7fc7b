import type { CatalogService } from '../../../lib/domain/catalog/entry.ts';
import { coverageOf, type JudgedService } from '../../../lib/domain/matching/coverage.ts';
import type { RuleName } from '../../../lib/domain/matching/match.ts';

const service = (id: string, rule: RuleName, more: Partial<JudgedService> = {}): JudgedService => ({
  service: { id, name: id, url: `https://acme.pagerduty.com/service-directory/${id}` },
  teams: [],
  disabled: false,
  match: { rule, services: [], explanation: '', trace: [] },
  ...more,
});
const entry = (name: string, id?: string, host?: string): CatalogService => ({
  type: 'service',
  name,
  kind: 'service',
  namespace: 'default',
  format: 'datadog-v3',
  ...(id !== undefined && { pagerduty: host === undefined ? { id } : { id, host } }),
});

describe('the coverage of an account', () => {
  it('counts what is not disabled, by the rule that decides', () => {
    const judged = [
      service('P1', 'service_url'),
      service('P2', 'team_name'),
      service('P3', 'service_url'),
      service('P4', 'none'),
      service('P5', 'none', { disabled: true }),
      service('P6', 'service_url', { disabled: true }),
    ];
    expect(coverageOf(judged, [])).toMatchObject({
      services: 4,
      disabled: 2,
      matched: 3,
      share: 0.75,
      byRule: [
        ['service_url', 2],
        ['team_name', 1],
      ],
      unmatched: [{ service: { id: 'P4' } }],
    });
  });

  it('is no number where there is no service', () => {
    expect(coverageOf([], []).share).toBeUndefined();
    expect(coverageOf([service('P1', 'none', { disabled: true })], []).share).toBeUndefined();
  });

  it.each<[string, CatalogService, 'dangling' | 'elsewhere' | 'neither']>([
    ['exists', entry('a', 'P1', 'acme.pagerduty.com'), 'neither'],
    ['is disabled, and exists', entry('a', 'P2', 'acme.pagerduty.com'), 'neither'],
    ['does not exist', entry('a', 'PGONE', 'acme.pagerduty.com'), 'dangling'],
    ['does not exist, on an account that is not known', entry('a', 'PGONE'), 'dangling'],
    ['is of another account', entry('a', 'P1', 'other.pagerduty.com'), 'elsewhere'],
    ['is of an account without its region', entry('a', 'P1', 'acme'), 'neither'],
    ['is none', entry('a'), 'neither'],
  ])('tells a catalog service whose PagerDuty service %s', (_, catalogService, where) => {
    const judged = [service('P1', 'service_url'), service('P2', 'service_url', { disabled: true })];
    const { dangling, elsewhere } = coverageOf(judged, [catalogService]);
    expect({ dangling, elsewhere }).toEqual({
      dangling: where === 'dangling' ? [catalogService] : [],
      elsewhere: where === 'elsewhere' ? [catalogService] : [],
    });
  });

  it('names services that several catalog services are tied to, each once', () => {
    const judged = [service('P1', 'service_url'), service('P2', 'service_url')];
    const catalog = [entry('cart', 'P1'), entry('till', 'P1'), entry('cart', 'P1'), entry('alone', 'P2')];
    expect(coverageOf(judged, catalog).shared).toEqual([{ service: judged[0], on: ['cart', 'till'] }]);
  });
});
