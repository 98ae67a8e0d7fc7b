import { entryOnAccount, inputOnAccount } from '../../../lib/domain/matching/account-aliases.ts';
import { decide } from '../../../lib/domain/matching/decide.ts';
import { fingerprint } from '../../../lib/domain/matching/fingerprint.ts';
import { service } from '../../support/catalog-entries.ts';

const settings = { account_aliases: { 'acme-new': 'acme' } };

function ruleFor(incidentHost: string, catalogHost: string, given = settings): string {
  const entry = service('cart', { pagerduty: `https://${catalogHost}/service-directory/PCART01` });
  const asked = { service: { id: 'PCART01', url: `https://${incidentHost}/services/PCART01` }, teams: [] };
  return decide(inputOnAccount(asked, given), [entryOnAccount(entry, given)]).rule;
}

describe('an account that was renamed', () => {
  it.each([
    ['the catalog has the old name', 'acme-new.pagerduty.com', 'acme.pagerduty.com'],
    ['the catalog has the new name', 'acme-new.pagerduty.com', 'acme-new.pagerduty.com'],
    ['the incident has the old name', 'acme.pagerduty.com', 'acme-new.pagerduty.com'],
    ['both are in a region', 'acme-new.eu.pagerduty.com', 'acme.eu.pagerduty.com'],
    ['it is written in capitals', 'ACME-NEW.pagerduty.com', 'acme.pagerduty.com'],
  ])('is one account: %s', (_, incident, catalog) => {
    expect(ruleFor(incident, catalog)).toBe('service_url');
  });

  it.each([
    ['other accounts stay apart', 'globex.pagerduty.com', 'acme.pagerduty.com'],
    ['regions stay apart', 'acme-new.eu.pagerduty.com', 'acme.pagerduty.com'],
    ['a longer name is another one', 'acme-newer.pagerduty.com', 'acme.pagerduty.com'],
  ])('is no other one: %s', (_, incident, catalog) => {
    expect(ruleFor(incident, catalog)).toBe('none');
  });

  it('is two accounts without the alias', () => {
    const without = { account_aliases: {} as typeof settings.account_aliases };
    expect(ruleFor('acme-new.pagerduty.com', 'acme.pagerduty.com', without)).toBe('none');
  });

  it('makes what is held worth judging again', () => {
    const by = (given: object) => fingerprint('1', given, undefined, 'Cart');
    expect(by(settings)).not.toBe(by({}));
    expect(by({ account_aliases: undefined })).toBe(by({}));
  });
});
