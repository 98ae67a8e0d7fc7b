import { lookup } from 'node:dns/promises';
import { HttpFault } from '../../ports.ts';
import { type AddressRules, refusalOf } from './address-rules.ts';

/**
 * Before a name is handed to a proxy, which looks it up by itself: refuses it if any of its addresses is one that a
 * request may not go to. A name that only the proxy can look up is handed on: whose network that is decides there.
 */
export async function checkName(
  hostname: string,
  rules: AddressRules,
  addressesOf: (name: string) => Promise<{ address: string }[]> = (name) => lookup(name, { all: true }),
): Promise<void> {
  const found = await addressesOf(hostname).catch(() => []);
  const reasons = found.map(({ address }) => refusalOf(address, rules)).filter(Boolean);
  if (reasons.length > 0) {
    throw new HttpFault(`${hostname} resolves to what a request may not go to: ${reasons.join('; ')}`);
  }
}
