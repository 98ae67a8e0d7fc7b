import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** `http://127.0.0.1` and the like: for a laptop and tests. Inside Lambda it is the runtime API, so never. */
  allowLoopback: boolean;
  /** The destination's `allow_private`. */
  allowPrivate: boolean;
}

/** Where clouds hand out credentials. No configuration makes one of these a receiver of incidents. */
const credentialSources = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  // Azure's platform address, reachable from every machine there.
  '168.63.129.16',
]);

const privateRanges = new Set(['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** Why a request must not go to this address, or undefined if it may. */
export function refusalOf(address: string, rules: AddressRules): string | undefined {
  const parsed = effectiveAddress(address);
  if (!parsed) return `${address} is not an IP address`;
  const known = parsed.range();
  const range = known === 'loopback' ? known : (retiredRange(parsed) ?? known);
  if (credentialSources.has(parsed.toString())) return `${address} is a cloud metadata address`;
  if (range === 'unicast') return undefined;
  if (range === 'loopback') return rules.allowLoopback ? undefined : `${address} is a loopback address`;
  if (privateRanges.has(range)) {
    return rules.allowPrivate
      ? undefined
      : `${address} is a private address (set allow_private: true on the destination if that is meant)`;
  }
  return `${address} is not an address on the public internet (${range})`;
}

/**
 * An IPv4 address can hide in an IPv6 one: mapped as ::ffff:10.0.0.1 or behind NAT64 as 64:ff9b::a00:1 (RFC 6052).
 * 6to4 and Teredo carry one too; nothing is reached that way any more, so the rules refuse those ranges as a whole.
 */
function effectiveAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return undefined;
  const parsed = ipaddr.process(bare);
  if (parsed instanceof ipaddr.IPv6 && parsed.match(wellKnownNat64)) {
    return new ipaddr.IPv4(parsed.toByteArray().slice(12));
  }
  return parsed;
}

const wellKnownNat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Ranges `ipaddr.js` takes for ordinary ones, and nobody has on the public internet. */
const retired: [string, [ipaddr.IPv6, number]][] = [
  // `::a9fe:a9fe` is 169.254.169.254 to a stack that still knows this form (RFC 4291, 2.5.5.1).
  ['IPv4-compatible', ipaddr.IPv6.parseCIDR('::/96')],
  // Translation inside one network (RFC 8215); where the IPv4 address stands depends on that network.
  ['local NAT64', ipaddr.IPv6.parseCIDR('64:ff9b:1::/48')],
];

function retiredRange(address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  return retired.find(([, range]) => address.match(range))?.[0];
}
