import fc from 'fast-check';
import { withImpliedTeams } from '../../../lib/domain/catalog/implied-teams.ts';
import { formatInUse, linesFor } from '../../../lib/domain/matching/fix-lines.ts';
import { similarity } from '../../../lib/domain/matching/similarity.ts';
import { suggest } from '../../../lib/domain/matching/suggest.ts';
import { service, team } from '../../support/catalog-entries.ts';

const input = (name: string, teams: string[] = []) => ({
  service: { id: 'PF9KMXH', name, url: 'https://acme.pagerduty.com/services/PF9KMXH' },
  teams: teams.map((teamName) => ({ id: 'T', name: teamName })),
});

describe('similarity', () => {
  it.each([
    ['the same words in other clothes', 'Checkout API', 'checkout-api', 1],
    ['camel case', 'checkoutApi', 'Checkout API', 1],
    ['the same words in another order', 'API Checkout', 'checkout-api', 0.95],
    ['a typo', 'chekout-api', 'checkout-api', 0.91],
    ['one word more', 'Checkout API (prod)', 'checkout-api', 0.76],
    ['nothing in common', 'search', 'ledger', 0.17],
    ['nothing to compare', '---', 'ledger', 0],
  ])('of %s', (_, one, other, expected) => {
    expect(similarity(one, other)).toBeCloseTo(expected, 1);
    expect(similarity(other, one)).toBe(similarity(one, other));
  });
});

describe('suggestions', () => {
  const catalog = withImpliedTeams([
    service('checkout-api', { team: 'payments', format: 'datadog-v2.2' }),
    service('checkout-web', { team: 'storefront', format: 'backstage' }),
    service('cart', { displayName: 'Checkout' }),
    service('ledger', { team: 'finance' }),
    team('platform', { aliases: ['Platform Engineering'] }),
  ]);

  it('name the nearest services first, with the lines that would tie them to the PagerDuty service', () => {
    const found = suggest(input('Checkout API'), catalog);
    expect(found.map(({ type, name }) => [type, name])).toEqual([
      ['service', 'checkout-api'],
      ['service', 'cart'],
      ['service', 'checkout-web'],
    ]);
    expect(found[0]).toEqual({
      type: 'service',
      name: 'checkout-api',
      team: 'payments',
      score: 1,
      likeName: 'Checkout API',
      format: 'datadog-v2.2',
      fix: 'integrations:\n  pagerduty:\n    service-url: https://acme.pagerduty.com/service-directory/PF9KMXH',
      pin: 'npx pdbridge mappings pin PF9KMXH --service checkout-api --team payments',
    });
    expect(found[2]?.fix).toBe('metadata:\n  annotations:\n    pagerduty.com/service-id: PF9KMXH');
  });

  it.each([
    [
      'another account',
      'https://acme-new.pagerduty.com/services/PSEARCH',
      'account_aliases: { acme-new: acme }',
    ],
    [
      'another account of the other region',
      'https://acme-new.eu.pagerduty.com/services/PSEARCH',
      'account_aliases: { acme-new: acme }',
    ],
    ['another region', 'https://acme.eu.pagerduty.com/services/PSEARCH', undefined],
  ])('name a service that has this id on %s first, and never the lines it has already', (_, url, fix) => {
    const search = service('search', {
      format: 'backstage',
      pagerduty: 'https://acme.pagerduty.com/services/PSEARCH',
    });
    const [found] = suggest({ service: { id: 'PSEARCH', name: 'Checkout APIs', url }, teams: [] }, [
      ...catalog,
      search,
    ]);
    expect(found).toEqual({
      type: 'service',
      name: 'search',
      score: 1,
      likeName: 'acme.pagerduty.com/services/PSEARCH',
      format: 'backstage',
      ...(fix === undefined ? {} : { fix, fixIn: 'bridge.yml' }),
      pin: 'npx pdbridge mappings pin PSEARCH --service search',
    });
  });

  it('name the nearest teams for the names of PagerDuty teams', () => {
    expect(suggest(input('x', ['Platform Eng']), catalog)).toEqual([
      {
        type: 'team',
        name: 'platform',
        score: expect.any(Number),
        likeName: 'Platform Eng',
        format: 'backstage',
        pin: 'npx pdbridge mappings pin PF9KMXH --team platform',
      },
    ]);
  });

  it.each([
    ['Jaeger (Low Priority)', 'jaeger'],
    ['[P1] Jaeger on-call alerts for everybody, EU and US', 'jaeger'],
    ['Order history, the old one (prod)', 'order-history'],
    ['Alerts of OrderHistory', 'order_history'],
  ])('%j has all words of %j in it', (written, name) => {
    expect(suggest(input(written), [service(name), service('zookeeper')]).map((each) => each.name)).toEqual([
      name,
    ]);
  });

  it('are no services that merely share a word, or a syllable', () => {
    expect(
      suggest(input('Jaeger (Low Priority)'), [service('low-rider-jobs'), service('a'), service('i-o')]),
    ).toEqual([]);
  });

  it('put a service of a team that the incident names first', () => {
    const namesakes = [
      service('jaeger-a', { team: 'search' }),
      service('jaeger-b', { team: 'core-platform' }),
    ];
    const first = (teams: string[]) => suggest(input('Jaeger', teams), namesakes)[0]?.name;
    expect(first([])).toBe('jaeger-a');
    expect(first(['Core Platform'])).toBe('jaeger-b');
  });

  it('end in a command that a shell takes as it is', () => {
    const entries = [service("Anne's $(reboot)"), team('--core team')];
    const found = suggest(input("Anne's $(reboot)", ['core team']), entries);
    expect(found.map(({ pin }) => pin)).toEqual([
      "npx pdbridge mappings pin PF9KMXH --service 'Anne'\\''s $(reboot)'",
      "npx pdbridge mappings pin PF9KMXH --team '--core team'",
    ]);
    expect(suggest({ service: { id: '', name: 'core' }, teams: [] }, [team('core')])[0]).not.toHaveProperty(
      'pin',
    );
  });

  it('are none where nothing is near', () => {
    expect(suggest(input('zzzz'), catalog)).toEqual([]);
    expect(suggest({ service: { id: 'P1' }, teams: [] }, catalog)).toEqual([]);
    expect(suggest(input('Checkout'), [])).toEqual([]);
  });

  it('do not depend on the order of the catalog', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(catalog, { minLength: catalog.length }), (shuffled) => {
        expect(suggest(input('Checkout API', ['finances']), shuffled)).toEqual(
          suggest(input('Checkout API', ['finances']), catalog),
        );
      }),
    );
  });
});

describe('the lines of a definition', () => {
  it('are in the format most services use', () => {
    expect(formatInUse([])).toBe('datadog-v3');
    expect(
      formatInUse([
        service('a'),
        service('b', { format: 'backstage' }),
        service('c', { format: 'backstage' }),
      ]),
    ).toBe('backstage');
  });

  it.each([
    ['datadog-v1', 'integrations:\n  pagerduty: https://acme.pagerduty.com/service-directory/P1'],
    ['datadog-v2', 'integrations:\n  pagerduty: https://acme.pagerduty.com/service-directory/P1'],
    [
      'datadog-v2.1',
      'integrations:\n  pagerduty:\n    service-url: https://acme.pagerduty.com/service-directory/P1',
    ],
    [
      'datadog-v3',
      'integrations:\n  pagerduty:\n    serviceURL: https://acme.pagerduty.com/service-directory/P1',
    ],
    ['backstage', 'metadata:\n  annotations:\n    pagerduty.com/service-id: P1'],
  ] as const)('are spelled as %s spells them', (format, lines) => {
    expect(linesFor({ id: 'P1', url: 'https://acme.pagerduty.com/services/P1' }, format)).toBe(lines);
  });

  it('leave a gap where the account is not known, and are none without a service', () => {
    expect(linesFor({ id: 'P1' }, 'datadog-v1')).toContain(
      'https://<account>.pagerduty.com/service-directory/P1',
    );
    expect(linesFor({ id: '' }, 'datadog-v1')).toBeUndefined();
  });
});
