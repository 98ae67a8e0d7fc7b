import type { CatalogEntry } from '../catalog/entry.ts';
import { parseServiceUrl } from '../pagerduty/service-url.ts';
import type { MatchInput } from './match.ts';

/** What the configuration says about accounts that were renamed: `acme-new: acme`. */
export interface AccountSettings {
  account_aliases?: Readonly<Record<string, string>>;
}

const domain = /\.pagerduty\.com$/;

/** The host under the name its account goes by: `acme-new.eu.pagerduty.com` is `acme.eu.pagerduty.com`. */
function canonicalHost(host: string, aliases: Readonly<Record<string, string>>): string {
  const [account = '', ...region] = host.replace(domain, '').split('.');
  const alias = Object.entries(aliases).find(([name]) => name.trim().toLowerCase() === account);
  if (!alias) return host;
  return [alias[1].trim().toLowerCase(), ...region].join('.') + (domain.test(host) ? '.pagerduty.com' : '');
}

/** The incident's service on the account it goes by. */
export function inputOnAccount(input: MatchInput, { account_aliases }: AccountSettings): MatchInput {
  const ref = input.service.url === undefined ? undefined : parseServiceUrl(input.service.url);
  if (account_aliases === undefined || ref?.host === undefined) return input;
  const host = canonicalHost(ref.host, account_aliases);
  if (host === ref.host) return input;
  return { ...input, service: { ...input.service, url: `https://${host}/services/${ref.id}` } };
}

/** The same of what the catalog says, which may use either name. */
export function entryOnAccount(entry: CatalogEntry, { account_aliases }: AccountSettings): CatalogEntry {
  if (account_aliases === undefined || entry.type !== 'service' || entry.pagerduty?.host === undefined)
    return entry;
  const host = canonicalHost(entry.pagerduty.host, account_aliases);
  return { ...entry, pagerduty: { ...entry.pagerduty, host } };
}
