import { decide } from '../../../lib/domain/matching/decide.ts';
import { lookupKeys } from '../../../lib/domain/matching/lookup-keys.ts';
import type { MatchInput } from '../../../lib/domain/matching/match.ts';
import { service, team } from '../../support/catalog-entries.ts';

const catalog = [
  service('everything', { team: 'ops', pagerduty: 'https://acme.pagerduty.com/services/PALL001' }),
  service('cart-api', { team: 'shopping' }),
  service('twins', { team: 'one' }),
  service('twins', { team: 'two', kind: 'api' }),
  team('shopping'),
];
const asked = (value?: string, more: Partial<MatchInput> = {}): MatchInput => ({
  service: { id: 'PALL001', name: 'Everything', url: 'https://acme.pagerduty.com/services/PALL001' },
  teams: [],
  customField: { name: 'catalog_service', ...(value === undefined ? {} : { value }) },
  ...more,
});

describe('the service that the incident’s own field names', () => {
  it.each(['cart-api', 'Cart API', ' CART-API '])('goes before rule 1, with its team: %j', (value) => {
    expect(decide(asked(value), catalog)).toMatchObject({
      rule: 'custom_field',
      services: ['cart-api'],
      team: 'shopping',
      explanation: expect.stringMatching(/^Custom field "catalog_service": /),
      trace: [
        { rule: 'custom_field', decided: true },
        { rule: 'service_url', decided: false, reason: 'Not needed: custom_field decided.' },
        {},
        {},
        {},
      ],
    });
  });

  it('goes after a pin', () => {
    const pin = { services: ['pinned'], team: 'core' };
    expect(decide(asked('cart-api', { pin }), catalog)).toMatchObject({ rule: 'pinned', team: 'core' });
  });

  it.each([
    ['is not set', undefined, 'Custom field "catalog_service" is not set on the incident.'],
    [
      'names nothing',
      'nowhere',
      'Custom field "catalog_service": "nowhere" is not the name of a catalog service.',
    ],
    ['could mean several teams’', 'twins', 'of different teams'],
  ])('decides nothing where it %s, and rule 1 does', (_, value, reason) => {
    const { rule, trace } = decide(asked(value), catalog);
    expect([rule, trace[0]?.reason]).toEqual(['service_url', expect.stringContaining(reason)]);
  });

  it('is no rule at all where no field is configured', () => {
    const { customField, ...without } = asked('cart-api');
    expect(decide(without, catalog).trace.map(({ rule }) => rule)).not.toContain('custom_field');
  });

  it('is looked up by its own keys', () => {
    expect(lookupKeys(asked('cart-api'))).toContain('service:cart-api');
  });
});
