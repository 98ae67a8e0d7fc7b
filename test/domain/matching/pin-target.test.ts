import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { withImpliedTeams } from '../../../lib/domain/catalog/implied-teams.ts';
import { type PinTarget, pinTarget } from '../../../lib/domain/matching/pin-target.ts';
import { service, team } from '../../support/catalog-entries.ts';

const catalog: CatalogEntry[] = withImpliedTeams([
  service('checkout-api', { team: 'payments' }),
  service('Ledger', { team: 'payments' }),
  service('search', { team: 'discovery', displayName: 'Find It' }),
  service('twin-shop'),
  service('twin_shop'),
  service('orphan'),
  team('discovery', { aliases: ['Search & Find'] }),
]);
const nothing = { teamFilled: false, unknown: [], remarks: [] };

it.each<[string, Parameters<typeof pinTarget>[0], PinTarget]>([
  [
    'a service goes with the team the catalog has for it',
    { services: ['checkout-api'] },
    { ...nothing, services: ['checkout-api'], team: 'payments', teamFilled: true },
  ],
  [
    'the spelling is the catalog’s',
    { services: ['LEDGER', 'Checkout-API'], team: 'Payments' },
    { ...nothing, services: ['Ledger', 'checkout-api'], team: 'payments' },
  ],
  [
    'a name that is only spelled alike stands for the service, as the catalog spells it',
    { services: ['Checkout API'] },
    { ...nothing, services: ['checkout-api'], team: 'payments', teamFilled: true },
  ],
  [
    'a title stands for its service, before what is spelled alike',
    { services: ['Find It'] },
    { ...nothing, services: ['search'], team: 'discovery', teamFilled: true },
  ],
  [
    'what is spelled like two services is neither',
    { services: ['twin shop'] },
    {
      ...nothing,
      services: ['twin shop'],
      unknown: [{ type: 'service', name: 'twin shop', like: ['twin-shop', 'twin_shop'] }],
    },
  ],
  [
    'a team that is only spelled alike stands for it',
    { services: [], team: 'search-&-find' },
    { ...nothing, services: [], team: 'discovery' },
  ],
  [
    'an alias stands for the team it belongs to',
    { services: [], team: 'search & find' },
    { ...nothing, services: [], team: 'discovery' },
  ],
  [
    'a service without a team is pinned without one',
    { services: ['orphan'] },
    { ...nothing, services: ['orphan'] },
  ],
  [
    'a name that is given twice counts once',
    { services: ['search', 'SEARCH'] },
    { ...nothing, services: ['search'], team: 'discovery', teamFilled: true },
  ],
  [
    'services of different teams fill none in, which is said',
    { services: ['search', 'Ledger'] },
    {
      ...nothing,
      services: ['search', 'Ledger'],
      remarks: [
        'The services belong to different teams ("discovery" and "payments"): no team is pinned, give --team.',
      ],
    },
  ],
  [
    'another team than the catalog’s is taken, which is said',
    { services: ['search'], team: 'payments' },
    {
      ...nothing,
      services: ['search'],
      team: 'payments',
      remarks: ['The catalog has "discovery" as the team of what is pinned, not "payments".'],
    },
  ],
])('%s', (_, wanted, expected) => {
  expect(pinTarget(wanted, catalog)).toEqual(expected);
});

it('names the catalog does not have stay as written, with what is like them', () => {
  expect(pinTarget({ services: ['chekout-api'], team: 'paymnets' }, catalog)).toMatchObject({
    services: ['chekout-api'],
    team: 'paymnets',
    unknown: [
      { type: 'service', name: 'chekout-api', like: ['checkout-api'] },
      { type: 'team', name: 'paymnets', like: ['payments'] },
    ],
  });
});
