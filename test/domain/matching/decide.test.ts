import fc from 'fast-check';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { withImpliedTeams } from '../../../lib/domain/catalog/implied-teams.ts';
import { decide } from '../../../lib/domain/matching/decide.ts';
import { entryKeys, lookupKeys } from '../../../lib/domain/matching/lookup-keys.ts';
import { type Match, type MatchInput, type RuleName, ruleNames } from '../../../lib/domain/matching/match.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { tries } from '../../support/often.ts';

const acme = 'https://acme.pagerduty.com/service-directory/PF9KMXH';

interface Given {
  url?: string | undefined;
  id?: string;
  name?: string;
  teams?: string[];
  pin?: MatchInput['pin'];
  customField?: MatchInput['customField'];
}

/** An incident of PagerDuty service PF9KMXH "Nameless", unless said otherwise. */
function incident(given: Given = {}): MatchInput {
  const {
    url = 'https://acme.pagerduty.com/services/PF9KMXH',
    id = 'PF9KMXH',
    name = 'Nameless',
    teams = [],
    pin,
    customField,
  } = given;
  return {
    service: { id, name, ...('url' in given && given.url === undefined ? {} : { url }) },
    teams: teams.map((teamName, index) => ({ id: `PTEAM${index}`, name: teamName })),
    ...(pin === undefined ? {} : { pin }),
    ...(customField === undefined ? {} : { customField }),
  };
}

const match = (input: MatchInput, entries: CatalogEntry[]): Match => decide(input, withImpliedTeams(entries));

type Expected = { rule: RuleName; services?: string[]; team?: string };
type Row = [string, Given, CatalogEntry[], Expected, RegExp];

const withTable = new Set<RuleName>();

function table(title: string, rule: RuleName, rows: Row[]): void {
  withTable.add(rule);
  describe(title, () => {
    it.each(rows)('%s', (_, given, entries, expected, reason) => {
      const { rule: decided, services, team: teamName, trace, explanation } = match(incident(given), entries);
      expect({ rule: decided, services, team: teamName }).toEqual({
        rule: expected.rule,
        services: expected.services ?? [],
        team: expected.team,
      });
      const verdict = trace.find((candidate) => candidate.rule === rule);
      expect(verdict?.reason).toMatch(reason);
      expect(verdict?.decided).toBe(expected.rule === rule);
      if (expected.rule === rule) expect(explanation).toBe(verdict?.reason);
    });
  });
}

const checkout = service('checkout-api', { team: 'payments', pagerduty: acme });
const byUrl: Expected = { rule: 'service_url', services: ['checkout-api'], team: 'payments' };
const none: Expected = { rule: 'none' };

table('rule 1, one service has the URL', 'service_url', [
  [
    '/services/ meets /service-directory/',
    {},
    [checkout],
    byUrl,
    /acme\.pagerduty\.com\/services\/PF9KMXH is configured on catalog service "checkout-api", which belongs to team "payments"\.$/,
  ],
  [
    'the catalog has no scheme',
    {},
    [
      service('checkout-api', {
        team: 'payments',
        pagerduty: 'acme.pagerduty.com/service-directory/PF9KMXH',
      }),
    ],
    byUrl,
    /configured on/,
  ],
  [
    'the catalog has a trailing slash',
    {},
    [service('checkout-api', { team: 'payments', pagerduty: `${acme}/` })],
    byUrl,
    /configured on/,
  ],
  [
    'the catalog has an upper-case host',
    {},
    [
      service('checkout-api', {
        team: 'payments',
        pagerduty: acme.replace('acme.pagerduty.com', 'ACME.PAGERDUTY.COM'),
      }),
    ],
    byUrl,
    /configured on/,
  ],
  [
    'both are on an EU host',
    { url: 'https://acme.eu.pagerduty.com/services/PF9KMXH' },
    [
      service('checkout-api', {
        team: 'payments',
        pagerduty: 'https://acme.eu.pagerduty.com/service-directory/PF9KMXH',
      }),
    ],
    byUrl,
    /acme\.eu\.pagerduty\.com/,
  ],
  [
    'one is on the EU host of the account and one is not',
    { url: 'https://acme.eu.pagerduty.com/services/PF9KMXH' },
    [checkout],
    none,
    /"checkout-api" has this id, but on another account \(acme\.pagerduty\.com\)/,
  ],
  [
    'another account has the same service id',
    { url: 'https://other.pagerduty.com/services/PF9KMXH' },
    [checkout],
    none,
    /on another account/,
  ],
  [
    'the catalog knows only the id',
    {},
    [service('checkout-api', { team: 'payments', pagerduty: 'PF9KMXH' })],
    byUrl,
    /configured on/,
  ],
  [
    'the catalog knows only the id, the incident is on an EU host',
    { url: 'https://acme.eu.pagerduty.com/services/PF9KMXH' },
    [service('checkout-api', { team: 'payments', pagerduty: 'PF9KMXH' })],
    byUrl,
    /configured on/,
  ],
  [
    'the incident knows only the id',
    { url: undefined },
    [checkout],
    byUrl,
    /PagerDuty service PF9KMXH is configured/,
  ],
  [
    'the incident knows only the id, which is on two accounts',
    { url: undefined },
    [checkout, service('b', { pagerduty: 'https://other.pagerduty.com/services/PF9KMXH' })],
    none,
    /account .* is not known here.*acme\.pagerduty\.com, other\.pagerduty\.com/,
  ],
  [
    'the incident has a URL that is none of PagerDuty',
    { url: 'https://example.com/x' },
    [checkout],
    byUrl,
    /configured/,
  ],
  [
    'the service has no team',
    {},
    [service('checkout-api', { pagerduty: acme })],
    { rule: 'service_url', services: ['checkout-api'] },
    /which has no team\.$/,
  ],
  [
    'another service has another URL',
    {},
    [service('b', { pagerduty: 'https://acme.pagerduty.com/services/PXXXXXX' })],
    none,
    /^No catalog service is configured with PagerDuty service acme\.pagerduty\.com\/services\/PF9KMXH\.$/,
  ],
  [
    'nothing is known of the service',
    { url: undefined, id: '' },
    [checkout],
    none,
    /neither a URL nor an id/,
  ],
  [
    'it goes before the name',
    { name: 'search' },
    [checkout, service('search', { team: 'discovery' })],
    byUrl,
    /configured/,
  ],
]);

const several = (...teams: (string | undefined)[]) =>
  teams.map((name, index) =>
    service(`s${index}`, { pagerduty: acme, ...(name === undefined ? {} : { team: name }) }),
  );

table('rule 1, several services have the URL', 'service_url', [
  [
    'of one team',
    {},
    several('payments', 'payments'),
    { rule: 'service_url', team: 'payments' },
    /2 catalog services \("s0" and "s1"\) that all belong to team "payments", so the team is known but not the service\.$/,
  ],
  [
    'of one team in two spellings',
    {},
    several('payments', 'Payments'),
    { rule: 'service_url', team: 'Payments' },
    /all belong to team/,
  ],
  [
    'of one team, and one has none',
    {},
    several('payments', undefined),
    { rule: 'service_url', team: 'payments' },
    /the only team among them is "payments"/,
  ],
  [
    'of one team, one with an id only',
    {},
    [...several('payments'), service('b', { team: 'payments', pagerduty: 'PF9KMXH' })],
    { rule: 'service_url', team: 'payments' },
    /2 catalog services/,
  ],
  ['without any team', {}, several(undefined, undefined), none, /none of which has a team\.$/],
  [
    'of different teams, decided by the incident',
    { teams: ['Search'] },
    several('payments', 'search'),
    { rule: 'service_url', team: 'search' },
    /different teams \("payments" and "search"\); the incident's PagerDuty team "Search" is one of them\.$/,
  ],
  [
    'of different teams, decided by the first that is one of them',
    { teams: ['Ops', 'search', 'payments'] },
    several('payments', 'search'),
    { rule: 'service_url', team: 'search' },
    /"search" is one of them/,
  ],
  [
    'of different teams, decided by a team known under another name',
    { teams: ['Search Guild'] },
    [...several('payments', 'search'), team('search', { aliases: ['Search Guild'] })],
    { rule: 'service_url', team: 'search' },
    /"Search Guild" is one of them/,
  ],
  [
    'of different teams, undecided without an incident team',
    {},
    several('payments', 'search'),
    none,
    /different teams .* and the incident has no PagerDuty team\.$/,
  ],
  [
    'of different teams, undecided by another team, which rule 3 then takes',
    { teams: ['Ops'] },
    [...several('payments', 'search'), team('ops')],
    { rule: 'team_name', team: 'ops' },
    /no PagerDuty team of the incident is one of them\.$/,
  ],
  [
    'on another account as well, which do not count',
    {},
    [checkout, service('b', { team: 'x', pagerduty: 'https://other.pagerduty.com/services/PF9KMXH' })],
    byUrl,
    /checkout-api/,
  ],
  [
    'under one name and team: that is one service',
    {},
    [checkout, service('checkout-api', { kind: 'api', team: 'payments', pagerduty: 'PF9KMXH' })],
    byUrl,
    /catalog service "checkout-api"/,
  ],
  [
    'under one name with different teams',
    {},
    [checkout, service('checkout-api', { kind: 'api', team: 'b', pagerduty: 'PF9KMXH' })],
    none,
    /different teams/,
  ],
]);

const named = (services: string[], teamName?: string): Expected => ({
  rule: 'service_name',
  services,
  ...(teamName === undefined ? {} : { team: teamName }),
});

table('rule 2, the PagerDuty service name is a catalog service name', 'service_name', [
  [
    'the same name',
    { name: 'search' },
    [service('search', { team: 'discovery' })],
    named(['search'], 'discovery'),
    /^The PagerDuty service name "search" is the name of catalog service "search", which belongs to team "discovery"\.$/,
  ],
  [
    'another case',
    { name: 'SEARCH' },
    [service('Search', { team: 'discovery' })],
    named(['Search'], 'discovery'),
    /"SEARCH" is the name of catalog service "Search"/,
  ],
  [
    'other spacing',
    { name: ' Search   Indexer ' },
    [service('search indexer')],
    named(['search indexer']),
    /which has no team/,
  ],
  [
    'another Unicode form',
    { name: 'cafe\u0301' },
    [service('caf\u00e9')],
    named(['caf\u00e9']),
    /is the name/,
  ],
  [
    'a word more is another name',
    { name: 'Search Indexer' },
    [service('search')],
    none,
    /is not the name of a catalog service\.$/,
  ],
  [
    'a display name is a title',
    { name: 'Search' },
    [service('search-indexer', { displayName: 'Search' })],
    named(['search-indexer']),
    /is the title of catalog service "search-indexer"/,
  ],
  [
    'several entries of one team',
    { name: 'search' },
    [service('search', { team: 'd' }), service('Search', { kind: 'api', team: 'D' })],
    named(['Search'], 'D'),
    /is the name of/,
  ],
  [
    'several entries with different teams do not decide',
    { name: 'search' },
    [service('search', { team: 'a' }), service('search', { kind: 'api', team: 'b' })],
    none,
    /2 catalog services of different teams \("a" and "b"\)\.$/,
  ],
  [
    'several entries, one without a team',
    { name: 'search' },
    [service('search'), service('search', { kind: 'api', team: 'b' })],
    named(['search'], 'b'),
    /"b"/,
  ],
  [
    'a datastore is as good as a service',
    { name: 'orders-db' },
    [service('orders-db', { kind: 'datastore', team: 'a' })],
    named(['orders-db'], 'a'),
    /orders-db/,
  ],
  [
    'it goes before the team name',
    { name: 'search', teams: ['ops'] },
    [service('search'), team('ops')],
    named(['search']),
    /search/,
  ],
  ['a blank name', { name: '  ' }, [service('search')], none, /has no name here/],
]);

table('rule 3, a PagerDuty team name is a catalog team name', 'team_name', [
  [
    'a team of a service',
    { teams: ['Payments'] },
    [service('x', { team: 'payments' })],
    { rule: 'team_name', team: 'payments' },
    /^The PagerDuty team name "Payments" is the name of catalog team "payments"\.$/,
  ],
  [
    'an additional owner',
    { teams: ['warehouse'] },
    [service('x', { team: 'a', otherTeams: ['warehouse'] })],
    { rule: 'team_name', team: 'warehouse' },
    /warehouse/,
  ],
  [
    'a defined team',
    { teams: ['payments'] },
    [team('payments')],
    { rule: 'team_name', team: 'payments' },
    /payments/,
  ],
  [
    'a defined team by its display name',
    { teams: ['Payments Crew'] },
    [team('payments', { aliases: ['Payments Crew'] })],
    { rule: 'team_name', team: 'payments' },
    /"Payments Crew" is the name of catalog team "payments"/,
  ],
  [
    'spelled as the team is defined',
    { teams: ['payments'] },
    [service('x', { team: 'PAYMENTS' }), team('Payments')],
    { rule: 'team_name', team: 'Payments' },
    /"Payments"/,
  ],
  [
    'its own name goes before an alias',
    { teams: ['ops'] },
    [team('platform', { aliases: ['Ops'] }), team('ops')],
    { rule: 'team_name', team: 'ops' },
    /"ops"/,
  ],
  [
    'an alias of two teams is neither',
    { teams: ['ops'] },
    [team('a', { aliases: ['Ops'] }), team('b', { aliases: ['ops'] })],
    none,
    /"ops" could be any of "a" and "b"\.$/,
  ],
  [
    'the first of several that is known',
    { teams: ['nobody', 'search', 'payments'] },
    [team('payments'), team('search')],
    { rule: 'team_name', team: 'search' },
    /"search"/,
  ],
  [
    'none of several',
    { teams: ['nobody', 'no one'] },
    [team('payments')],
    none,
    /^None of the PagerDuty team names "nobody" and "no one" is the name of a catalog team\.$/,
  ],
  ['no team', {}, [team('payments')], none, /^The incident has no PagerDuty team\.$/],
  [
    'it goes before the service name as team',
    { name: 'payments', teams: ['search'] },
    [team('payments'), team('search')],
    { rule: 'team_name', team: 'search' },
    /search/,
  ],
]);

table('rule 4, the PagerDuty service name is a catalog team name', 'service_name_as_team', [
  [
    'a team of a service',
    { name: 'Payments' },
    [service('x', { team: 'payments' })],
    { rule: 'service_name_as_team', team: 'payments' },
    /^The PagerDuty service name "Payments" is the name of catalog team "payments"\.$/,
  ],
  [
    'a display name',
    { name: 'Payments Crew' },
    [team('payments', { aliases: ['payments crew'] })],
    { rule: 'service_name_as_team', team: 'payments' },
    /payments/,
  ],
  [
    'an alias of two teams',
    { name: 'ops' },
    [team('a', { aliases: ['Ops'] }), team('b', { aliases: ['ops'] })],
    none,
    /several catalog teams \("a" and "b"\)/,
  ],
  [
    'an unknown name',
    { name: 'payments' },
    [team('search')],
    none,
    /^The PagerDuty service name "payments" is not the name of a catalog team\.$/,
  ],
  ['a blank name', { name: '' }, [team('search')], none, /has no name here/],
]);

table('a pin', 'pinned', [
  [
    'goes before every rule',
    { name: 'search', pin: { services: ['a', 'b'], team: 't' } },
    [checkout, service('search')],
    { rule: 'pinned', services: ['a', 'b'], team: 't' },
    /^A person pinned this PagerDuty service to services "a" and "b" and team "t"\.$/,
  ],
  [
    'may name services only',
    { pin: { services: [' a '] } },
    [],
    { rule: 'pinned', services: ['a'] },
    /to service "a"\.$/,
  ],
  [
    'may name a team only',
    { pin: { services: [], team: 't' } },
    [],
    { rule: 'pinned', team: 't' },
    /to team "t"\.$/,
  ],
]);

table('a custom field', 'custom_field', [
  [
    'goes before every rule',
    { name: 'search', customField: { name: 'owner', value: 'checkout-api' } },
    [service('checkout-api', { team: 'payments' }), service('search')],
    { rule: 'custom_field', services: ['checkout-api'], team: 'payments' },
    /^Custom field "owner": "checkout-api" is the name of catalog service "checkout-api", /,
  ],
  [
    'leaves it to the rules where it names nothing',
    { name: 'search', customField: { name: 'owner', value: 'nowhere' } },
    [service('search')],
    { rule: 'service_name', services: ['search'] },
    /^Custom field "owner": "nowhere" is not the name of a catalog service\.$/,
  ],
  [
    'leaves it to the rules where it is not set',
    { name: 'search', customField: { name: 'owner' } },
    [service('search')],
    { rule: 'service_name', services: ['search'] },
    /^Custom field "owner" is not set on the incident\.$/,
  ],
]);

it.each(ruleNames)('the rule %s has a table here', (name) => {
  expect(withTable).toContain(name);
});

describe('the trace', () => {
  it('has one verdict a rule, in order, and says which were not needed', () => {
    const { trace } = match(incident({ name: 'search' }), [service('search')]);
    expect(trace.map(({ rule, decided }) => [rule, decided])).toEqual([
      ['service_url', false],
      ['service_name', true],
      ['team_name', false],
      ['service_name_as_team', false],
    ]);
    expect(trace.slice(2).map(({ reason }) => reason)).toEqual([
      'Not needed: service_name decided.',
      'Not needed: service_name decided.',
    ]);
  });

  it('mentions a pin only where there is one', () => {
    expect(match(incident({ pin: { services: ['a'] } }), []).trace.map(({ rule }) => rule)).toEqual([
      'pinned',
      'service_url',
      'service_name',
      'team_name',
      'service_name_as_team',
    ]);
    expect(match(incident({ pin: { services: [' '], team: '' } }), []).trace).toHaveLength(4);
  });

  it('of an unmatched service explains in one sentence', () => {
    expect(match(incident({ name: 'Lonely' }), []).explanation).toBe(
      'No rule found a catalog service or team for PagerDuty service "Lonely" (PF9KMXH).',
    );
  });
});

describe('properties', () => {
  const name = fc.constantFrom('a', 'A', 'b', 'B ', 'c', 'a b', 'A  B');
  const url = fc.constantFrom(
    'P1',
    'P2',
    'https://acme.pagerduty.com/services/P1',
    'https://other.pagerduty.com/service-directory/P1',
    'acme.pagerduty.com/services/P2/',
  );
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const defined = <T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } =>
    JSON.parse(JSON.stringify(value)) as { [K in keyof T]: NonNullable<T[K]> };
  const entry: fc.Arbitrary<CatalogEntry> = fc.oneof(
    fc
      .record({
        name,
        team: optional(name),
        pagerduty: optional(url),
        kind: fc.constantFrom('service', 'api'),
      })
      .map((fields) => defined(fields))
      .map(({ name: serviceName, ...details }) => service(serviceName, details)),
    fc
      .record({ name, aliases: fc.array(name, { maxLength: 2 }) })
      .map(({ name: teamName, aliases }) => team(teamName, { aliases })),
  );
  const input: fc.Arbitrary<MatchInput> = fc
    .record({
      service: fc.record({ id: fc.constantFrom('P1', 'P2'), name: optional(name), url: optional(url) }),
      teams: fc.array(fc.record({ id: fc.constant('T'), name: optional(name) }), { maxLength: 3 }),
    })
    .map((given) => JSON.parse(JSON.stringify(given)) as MatchInput);
  const shuffled = fc
    .array(entry, { maxLength: 8 })
    .chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );

  it('the order of the entries makes no difference', () => {
    fc.assert(
      fc.property(input, shuffled, (given, [entries, others]) => {
        expect(match(given, others)).toEqual(match(given, entries));
      }),
      { numRuns: tries(1000) },
    );
  });

  it('the entries behind the lookup keys are all a match needs', () => {
    fc.assert(
      fc.property(input, fc.array(entry, { maxLength: 8 }), (given, entries) => {
        const all = withImpliedTeams(entries);
        const keys = new Set(lookupKeys(given));
        const found = all.filter((candidate) => entryKeys(candidate).some((key) => keys.has(key)));
        expect(decide(given, found)).toEqual(decide(given, all));
      }),
      { numRuns: tries(1000) },
    );
  });

  it('names a service or a team exactly when it is matched, and exactly one rule decided', () => {
    fc.assert(
      fc.property(input, fc.array(entry, { maxLength: 8 }), (given, entries) => {
        const result = match(given, entries);
        const decided = result.trace.filter((verdict) => verdict.decided);
        expect(decided.map(({ rule }) => rule)).toEqual(result.rule === 'none' ? [] : [result.rule]);
        expect(result.services.length > 0 || result.team !== undefined).toBe(result.rule !== 'none');
        for (const { reason } of result.trace) expect(reason).toMatch(/^[A-Z].*\.$/);
      }),
      { numRuns: tries(1000) },
    );
  });

  it('any text at all as names, ids and URLs gives a match', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const ref = fc.record({ id: text, name: text, url: text });
    fc.assert(
      fc.property(ref, fc.array(ref, { maxLength: 3 }), (given, teams) => {
        const any = { service: given, teams };
        expect(match(any, [checkout]).trace).toHaveLength(4);
        for (const key of lookupKeys(any)) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(2048);
      }),
    );
  });
});
