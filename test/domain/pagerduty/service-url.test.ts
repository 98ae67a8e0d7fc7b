import {
  parseServiceId,
  parseServiceUrl,
  sameAccount,
  showServiceRef,
} from '../../../lib/domain/pagerduty/service-url.ts';

describe('parseServiceUrl', () => {
  const acme = { host: 'acme.pagerduty.com', id: 'PF9KMXH' };

  it.each([
    ['as webhooks say it', 'https://acme.pagerduty.com/services/PF9KMXH', acme],
    ['as catalogs say it', 'https://acme.pagerduty.com/service-directory/PF9KMXH', acme],
    ['without scheme', 'acme.pagerduty.com/service-directory/PF9KMXH', acme],
    ['without scheme but slashes', '//acme.pagerduty.com/services/PF9KMXH', acme],
    ['with http', 'http://acme.pagerduty.com/services/PF9KMXH', acme],
    ['with a trailing slash', 'https://acme.pagerduty.com/services/PF9KMXH/', acme],
    ['with two slashes', 'https://acme.pagerduty.com//services//PF9KMXH//', acme],
    ['with an upper-case host and scheme', 'HTTPS://ACME.PagerDuty.COM/services/PF9KMXH', acme],
    ['with a lower-case id', 'https://acme.pagerduty.com/services/pf9kmxh', acme],
    ['with a page of the service', 'https://acme.pagerduty.com/service-directory/PF9KMXH/activity', acme],
    ['with a query', 'https://acme.pagerduty.com/services/PF9KMXH?tab=integrations', acme],
    ['with a fragment', 'https://acme.pagerduty.com/services/PF9KMXH#top', acme],
    ['with a port', 'https://acme.pagerduty.com:443/services/PF9KMXH', acme],
    ['with a root dot', 'https://acme.pagerduty.com./services/PF9KMXH', acme],
    ['with space around it', '  https://acme.pagerduty.com/services/PF9KMXH\n', acme],
    [
      'of an EU account',
      'https://acme.eu.pagerduty.com/services/PF9KMXH',
      { ...acme, host: 'acme.eu.pagerduty.com' },
    ],
  ])('reads a URL %s', (_, text, expected) => {
    expect(parseServiceUrl(text)).toEqual(expected);
  });

  it.each(['www.', 'app.', 'api.', 'api.eu.', 'eu.', ''])('reads the id alone on %spagerduty.com', (host) => {
    expect(parseServiceUrl(`https://${host}pagerduty.com/services/PF9KMXH`)).toEqual({ id: 'PF9KMXH' });
  });

  it.each([
    ['nothing', ''],
    ['a bare id', 'PF9KMXH'],
    ['another site', 'https://status.example.com/services/PF9KMXH'],
    ['a site that only ends alike', 'https://evilpagerduty.com/services/PF9KMXH'],
    ['a site with the host in its path', 'https://evil.example/acme.pagerduty.com/services/PF9KMXH'],
    ['a site with the host as user name', 'https://acme.pagerduty.com@evil.example/services/PF9KMXH'],
    ['an incident', 'https://acme.pagerduty.com/incidents/Q2CKYRLH85UNN4'],
    ['the list of services', 'https://acme.pagerduty.com/service-directory/'],
    ['an id with other characters', 'https://acme.pagerduty.com/services/PF9%20KM'],
    ['another scheme', 'ftp://acme.pagerduty.com/services/PF9KMXH'],
  ])('does not read %s', (_, text) => {
    expect(parseServiceUrl(text)).toBeUndefined();
  });
});

describe('parseServiceId', () => {
  it.each([
    ['PF9KMXH', { id: 'PF9KMXH' }],
    [' pf9kmxh ', { id: 'PF9KMXH' }],
    ['', undefined],
    ['PF9 KMXH', undefined],
    ['https://acme.pagerduty.com/services/PF9KMXH', undefined],
  ])('reads %j as %j', (text, expected) => {
    expect(parseServiceId(text)).toEqual(expected);
  });
});

it('shows a service with its account, or its id alone', () => {
  expect(showServiceRef({ host: 'acme.pagerduty.com', id: 'P1' })).toBe('acme.pagerduty.com/services/P1');
  expect(showServiceRef({ host: 'acme', id: 'P1' })).toBe('acme.pagerduty.com/services/P1');
  expect(showServiceRef({ id: 'P1' })).toBe('P1');
});

it.each<[string | undefined, string | undefined, boolean]>([
  ['acme.pagerduty.com', 'acme.pagerduty.com', true],
  ['acme.pagerduty.com', 'acme.eu.pagerduty.com', false],
  ['acme', 'acme.eu.pagerduty.com', true],
  ['acme.pagerduty.com', 'acme', true],
  ['acme', 'acme-eu.pagerduty.com', false],
  ['acme', 'other', false],
  [undefined, 'acme.pagerduty.com', true],
  ['acme.pagerduty.com', undefined, true],
])('account %s can be %s: %s', (one, other, expected) => {
  expect(sameAccount(one, other)).toBe(expected);
});
