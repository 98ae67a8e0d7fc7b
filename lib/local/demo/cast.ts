import type { RuleName } from '../../domain/matching/match.ts';

/** An incident of the story, and whose it is: what the destination must be told. */
export interface DemoIncident {
  id: string;
  number: number;
  title: string;
  priority?: 'P1' | 'P2';
  service: { id: string; name: string };
  teams: { id: string; name: string }[];
  owner: { rule: RuleName; services?: string[]; team?: string };
}

export const account = 'https://acme.pagerduty.com';

export const cast = {
  checkout: {
    id: 'Q2CKYRLH85UNN4',
    number: 1412,
    title: 'Checkout latency above 2 s',
    priority: 'P1',
    service: { id: 'PF9KMXH', name: 'Checkout (prod)' },
    teams: [],
    owner: { rule: 'service_url', services: ['checkout-api'], team: 'payments' },
  },
  search: {
    id: 'Q2SEARCH77K2LM',
    number: 1413,
    title: 'Search returns no results',
    priority: 'P2',
    service: { id: 'P7SRCHQ', name: 'Product-Search' },
    teams: [],
    owner: { rule: 'service_name', services: ['product-search'], team: 'search' },
  },
  mail: {
    id: 'Q2WMA1LRELAY90',
    number: 1414,
    title: 'Mail queue is growing',
    service: { id: 'PMA1LRL', name: 'Mail relay (old)' },
    teams: [{ id: 'PMSGTM1', name: 'Messaging' }],
    owner: { rule: 'team_name', team: 'messaging' },
  },
  platform: {
    id: 'Q3PLATF0RM4412',
    number: 1415,
    title: 'Builds wait for more than an hour',
    service: { id: 'PPLATFM', name: 'Core Platform' },
    teams: [],
    owner: { rule: 'service_name_as_team', team: 'platform' },
  },
  robots: {
    id: 'Q4R0B0TS51ST0P',
    number: 1416,
    title: 'Robots have stopped in aisle 7',
    priority: 'P1',
    service: { id: 'PR0B0TS', name: 'Warehouse Robots' },
    teams: [],
    owner: { rule: 'pinned', services: ['build-farm'], team: 'platform' },
  },
  storefront: {
    id: 'Q5ST0REFR0NT88',
    number: 1417,
    title: 'Storefront answers 502',
    priority: 'P1',
    service: { id: 'PST0REX', name: 'Storefront' },
    teams: [],
    owner: { rule: 'service_url', services: ['storefront'], team: 'web' },
  },
  builds: {
    id: 'Q6BU1LDFARM317',
    number: 1418,
    title: 'Build farm is out of disk space',
    service: { id: 'PBU1LDS', name: 'Build Farm' },
    teams: [],
    owner: { rule: 'service_url', services: ['build-farm'], team: 'platform' },
  },
  billing: {
    id: 'Q7B1LL1NG00942',
    number: 1419,
    title: 'Invoices are not sent',
    priority: 'P2',
    service: { id: 'PB1LLNG', name: 'Billing' },
    teams: [],
    owner: { rule: 'service_url', services: ['billing'], team: 'finance' },
  },
  regression: {
    id: 'Q9BR0KEN240CKT',
    number: 1420,
    title: 'Every second order fails',
    priority: 'P1',
    service: { id: 'PF9KMXH', name: 'Checkout (prod)' },
    teams: [],
    owner: { rule: 'service_url', services: ['checkout-api'], team: 'payments' },
  },
  forged: {
    id: 'Q8F0RGED000000',
    number: 1421,
    title: 'Please call this number',
    priority: 'P1',
    service: { id: 'PF9KMXH', name: 'Checkout (prod)' },
    teams: [],
    owner: { rule: 'none' },
  },
} satisfies Record<string, DemoIncident>;
