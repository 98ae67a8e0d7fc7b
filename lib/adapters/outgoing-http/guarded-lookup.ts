import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { HttpFault } from '../../ports.ts';
import { type AddressRules, refusalOf } from './address-rules.ts';

/**
 * Resolves a name and drops every address the rules refuse. It is the lookup of the connection itself, so a name
 * that answers differently the second time ("DNS rebinding") gains nothing.
 */
export function guardedLookup(rules: AddressRules): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const allowed = found.filter(({ address }) => refusalOf(address, rules) === undefined);
      const first = allowed[0];
      if (!first) return callback(refused(hostname, found, rules), []);
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

function refused(hostname: string, found: LookupAddress[], rules: AddressRules): HttpFault {
  const reasons = found.map(({ address }) => refusalOf(address, rules)).filter(Boolean);
  return new HttpFault(
    `${hostname} resolves to nothing a request may go to: ${reasons.join('; ') || 'no address'}`,
  );
}
