import fc from 'fast-check';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { foldedName } from '../../../lib/domain/catalog/folded-name.ts';
import { withImpliedTeams } from '../../../lib/domain/catalog/implied-teams.ts';
import { comparableName, sameName } from '../../../lib/domain/catalog/names.ts';
import { decide } from '../../../lib/domain/matching/decide.ts';
import { entryKeys, lookupKeys } from '../../../lib/domain/matching/lookup-keys.ts';
import { looseNames } from '../../../lib/domain/matching/loose-names.ts';
import type { Match, MatchInput } from '../../../lib/domain/matching/match.ts';
import { type NameSettings, nameLayers } from '../../../lib/domain/matching/name-settings.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { tries } from '../../support/often.ts';
import { nameTable } from './name-table.ts';

const named = (name: string, teams: string[] = []): MatchInput => ({
  service: { id: 'PF9KMXH', name },
  teams: teams.map((each) => ({ id: 'PTEAM01', name: each })),
});
const match = (input: MatchInput, entries: CatalogEntry[], settings: NameSettings = {}): Match =>
  decide(input, withImpliedTeams(entries), nameLayers(settings));
const layerOf = ({ trace }: Match) => trace.find(({ decided }) => decided)?.layer ?? 'held';
const loose: NameSettings = { names: 'loose' };

describe('the table of names', () => {
  it('has at least 150 pairs, each once', () => {
    expect(new Set(nameTable.map(([one, other]) => `${one}\n${other}`)).size).toBe(nameTable.length);
    expect(nameTable.length).toBeGreaterThanOrEqual(150);
  });

  it.each(nameTable)('service %j and catalog service %j: %s', (written, inCatalog, outcome) => {
    const result = match(named(written), [service(inCatalog)], loose);
    expect(layerOf(result)).toBe(outcome);
    expect(result.services).toEqual(outcome === 'held' ? [] : [inCatalog]);
  });

  it.each(nameTable)('team %j and catalog team %j: %s', (written, inCatalog, outcome) => {
    const result = match(named('Nameless thing', [written]), [team(inCatalog)], loose);
    expect(layerOf(result)).toBe(outcome);
    expect(result.team).toBe(outcome === 'held' ? undefined : inCatalog);
  });

  it.each(nameTable)('a service %j named after team %j: %s', (written, inCatalog, outcome) => {
    expect(layerOf(match(named(written), [team(inCatalog)], loose))).toBe(outcome);
  });

  const inMode = { written: ['exact', 'folded', 'loose'], folded: ['folded', 'loose'], loose: ['loose'] };
  it.each(['exact', 'folded', 'loose'] as const)('with names: %s, only its layers decide', (names) => {
    for (const [written, inCatalog, outcome] of nameTable) {
      const expected = (inMode as Record<string, string[]>)[outcome]?.includes(names) ? outcome : 'held';
      expect(layerOf(match(named(written), [service(inCatalog)], { names }))).toBe(expected);
    }
  });
});

describe('a layer', () => {
  const reason = ({ trace }: Match, rule = 'service_name') =>
    trace.find((each) => each.rule === rule)?.reason;

  it('says in the trace how the name was found', () => {
    const says = (written: string, entry: CatalogEntry) => match(named(written), [entry], loose).explanation;
    expect(says('Checkout', service('checkout'))).toBe(
      'The PagerDuty service name "Checkout" is the name of catalog service "checkout", which has no team.',
    );
    expect(says('Shop', service('storefront', { displayName: 'Shop' }))).toMatch(
      /"Shop" is the title of catalog service "storefront"/,
    );
    expect(says('Check Out', service('check-out'))).toMatch(
      /"Check Out" is, but for separators and case, the name of catalog service "check-out"/,
    );
    expect(says('[P1] Check Out (prod)', service('check-out'))).toMatch(
      /, with "p1" and "prod" left out, the name of catalog service "check-out"/,
    );
  });

  it('is tried only when the one before found nothing', () => {
    const entries = [service('checkout-api', { team: 'a' }), service('checkout_api', { team: 'b' })];
    expect(match(named('Checkout-API'), entries).services).toEqual(['checkout-api']);
    expect(match(named('checkout_api'), entries).services).toEqual(['checkout_api']);
  });

  it('does not decide between two, and no looser one is asked', () => {
    const twoSpellings = [service('checkout-api', { team: 'a' }), service('checkout_api', { team: 'a' })];
    const result = match(named('Checkout API'), twoSpellings, loose);
    expect(result.rule).toBe('none');
    expect(reason(result)).toMatch(/of 2 catalog services \("checkout-api" and "checkout_api"\)/);
    const twoOwners = [service('x', { team: 'a' }), service('X', { team: 'b' }), service('x (prod)')];
    expect(match(named('x'), twoOwners, loose).rule).toBe('none');
    const withAndWithout = [service('checkout'), service('checkout-prod')];
    expect(match(named('Checkout (prod) Alerts'), withAndWithout, loose).rule).toBe('none');
  });

  it('a title decides, unless a service of another name is written nearly so', () => {
    const titled = service('storefront', { team: 'web', displayName: 'Checkout API' });
    expect(match(named('Checkout API'), [titled], { names: 'exact' }).services).toEqual(['storefront']);
    for (const names of ['exact', 'folded', 'loose'] as const) {
      const result = match(named('Checkout API'), [titled, service('checkout-api')], { names });
      expect(result.rule).toBe('none');
      expect(reason(result)).toMatch(
        /the title of catalog service "storefront", but the name of "checkout-api"/,
      );
    }
    const two = [titled, service('shop', { displayName: 'checkout api' })];
    expect(match(named('Checkout API'), two, loose).rule).toBe('none');
  });

  it('folds titles and aliases, too', () => {
    const entries = [
      service('sf', { displayName: 'Store Front' }),
      team('plat', { aliases: ['Core Platform'] }),
    ];
    expect(match(named('store-front'), entries).services).toEqual(['sf']);
    expect(match(named('x', ['core-platform']), entries).team).toBe('plat');
  });

  it('that is looser leaves the team to a stricter one', () => {
    const entries = [service('checkout-api', { team: 'payments' }), team('search'), team('payments')];
    const same = match(named('Checkout API', ['Payments']), entries);
    expect(same).toMatchObject({ rule: 'service_name', services: ['checkout-api'], team: 'payments' });
    const other = match(named('Checkout API', ['Search']), entries);
    expect(other).toMatchObject({ rule: 'team_name', services: [], team: 'search' });
    expect(reason(other)).toMatch(/; but team_name goes before it, because the name it found is nearer\.$/);
    const alike = match(named('Checkout API', ['Sear ch']), entries);
    expect(alike).toMatchObject({ rule: 'service_name', team: 'payments' });
  });

  it('goes by the nearest of the incident’s teams', () => {
    const entries = [team('core-platform'), team('search')];
    expect(match(named('x', ['Core Platform', 'Search']), entries).team).toBe('search');
    expect(match(named('x', ['Core Platform', 'Sear-ch']), entries).team).toBe('core-platform');
  });

  it('tells among owners of one URL by a looser spelling of the team', () => {
    const at = { pagerduty: 'https://acme.pagerduty.com/services/PF9KMXH' };
    const entries = [service('a', { team: 'core-platform', ...at }), service('b', { team: 'search', ...at })];
    expect(match(named('x', ['Core Platform']), entries)).toMatchObject({
      rule: 'service_url',
      team: 'core-platform',
    });
    expect(match(named('x', ['Core Platform']), entries, { names: 'exact' }).rule).toBe('none');
    expect(match(named('x', ['Core Platform', 'Search']), entries).team).toBe('search');
  });

  it('leaves out the words of the configuration instead of the usual ones', () => {
    const mine = (written: string) =>
      match(named(written), [service('checkout')], {
        names: 'loose',
        loose_words: ['blue green', 'Grafana'],
      });
    expect(mine('Grafana: Checkout (blue-green)').services).toEqual(['checkout']);
    expect(mine('Checkout blue').rule).toBe('none');
    expect(mine('Checkout (prod)').rule).toBe('none');
  });

  it('is not tried as long as a source cannot be found by it', () => {
    const entries = [service('checkout-api'), team('plat', { aliases: ['Core'] })];
    const old = nameLayers({ names: 'loose' }, ['github.com/acme/old']);
    const result = decide(named('Checkout API'), entries, old);
    expect(result.rule).toBe('none');
    expect(reason(result)).toMatch(/pushed source "github\.com\/acme\/old", so push any source once more\.$/);
    expect(decide(named('checkout-API'), entries, old).services).toEqual(['checkout-api']);
    expect(decide(named('x', ['core']), entries, old).team).toBe('plat');
  });
});

describe('whatever the names', () => {
  const spelling = fc
    .tuple(
      fc.array(fc.constantFrom('checkout', 'Api', 'eu', 'prod', 'P1', '1', '2', 'low', 'search'), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom(' ', '-', '_', '', ' (', '/', '. '),
    )
    .map(([words, separator]) => words.join(separator));
  const known = fc.constantFrom('payments', 'Core Platform', 'core-platform', 'search');
  const entry: fc.Arbitrary<CatalogEntry> = fc.oneof(
    fc
      .record({ name: spelling, title: fc.option(spelling), owner: fc.option(known), here: fc.boolean() })
      .map(({ name, title, owner, here }) =>
        service(name, {
          ...(title === null ? {} : { displayName: title }),
          ...(owner === null ? {} : { team: owner }),
          ...(here ? { pagerduty: 'PF9KMXH' } : {}),
        }),
      ),
    fc
      .record({ name: fc.oneof(spelling, known), aliases: fc.array(spelling, { maxLength: 1 }) })
      .map(({ name, aliases }) => team(name, { aliases })),
  );
  const input = fc
    .tuple(spelling, fc.array(fc.oneof(known, spelling), { maxLength: 2 }))
    .map(([name, teams]) => named(name, teams));
  const given = fc.tuple(input, fc.array(entry, { maxLength: 6 }).map(withImpliedTeams));

  it.each([
    ['exact', 'folded'],
    ['folded', 'loose'],
    ['exact', 'loose'],
  ] as const)(
    'what %s decided, %s decides, too: the same team, and the same services or one of that team',
    (strict, looser) => {
      fc.assert(
        fc.property(given, ([asked, entries]) => {
          const before = decide(asked, entries, nameLayers({ names: strict }));
          if (before.rule === 'none') return;
          const after = decide(asked, entries, nameLayers({ names: looser }));
          if (after.rule === before.rule) expect({ ...after, trace: [] }).toEqual({ ...before, trace: [] });
          else {
            expect(before.services).toEqual([]);
            expect(after.services).toHaveLength(1);
            expect(sameName(after.team, before.team)).toBe(true);
          }
        }),
        { numRuns: tries(5000) },
      );
    },
  );

  it('no layer decides between two', () => {
    fc.assert(
      fc.property(
        given,
        fc.constantFrom('exact' as const, 'folded' as const, 'loose' as const),
        ([asked, entries], names) => {
          const layers = nameLayers({ names });
          const { trace, rule, services, team: owner } = decide(asked, entries, layers);
          const layer = trace.find(({ decided }) => decided)?.layer;
          if (rule === 'service_url' || layer === undefined) return;
          const wanted = rule === 'team_name' ? asked.teams.map(({ name }) => name) : [asked.service.name];
          const kind = rule === 'service_name' ? 'service' : 'team';
          const candidates = entries.filter(
            (each) => each.type === kind && wanted.some((name) => fits(layer, name, each)),
          );
          const ofOne = wanted.some((name) => {
            const found = candidates.filter((each) => fits(layer, name, each));
            const names = new Set(found.map((each) => comparableName(each.name)));
            return names.size === 1 && names.has(comparableName(kind === 'service' ? services[0] : owner));
          });
          expect(ofOne).toBe(true);
        },
      ),
      { numRuns: tries(5000) },
    );
  });

  function fits(layer: string, name: string | undefined, each: CatalogEntry): boolean {
    const others =
      each.type === 'team' ? each.aliases : each.displayName === undefined ? [] : [each.displayName];
    if (layer === 'written') return sameName(name, each.name);
    if (layer === 'title') return others.some((other) => sameName(name, other));
    const folded = [each.name, ...others].map(foldedName);
    if (layer === 'folded') return folded.includes(foldedName(name));
    const { looseness = [] } = nameLayers(loose);
    return looseNames(name, looseness).some((variant) => folded.includes(variant.folded));
  }

  it('the entries behind the lookup keys are all a match needs, in every mode', () => {
    fc.assert(
      fc.property(
        given,
        fc.constantFrom('exact' as const, 'folded' as const, 'loose' as const),
        ([asked, entries], names) => {
          const layers = nameLayers({ names });
          const keys = new Set(lookupKeys(asked, layers));
          const found = entries.filter((each) => entryKeys(each).some((key) => keys.has(key)));
          expect(decide(asked, found, layers)).toEqual(decide(asked, entries, layers));
        },
      ),
      { numRuns: tries(2000) },
    );
  });

  it('a match asks for a handful of keys, each short enough for the database', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const keys = lookupKeys(named(`${text} prod eu p1 p2 low high alert`, [text]), nameLayers(loose));
        expect(keys.length).toBeLessThanOrEqual(20);
        for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(2048);
      }),
    );
  });
});
