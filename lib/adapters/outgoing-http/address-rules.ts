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
]);

const privateRanges = new Set(['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** Why a request must not go to this address, or undefined if it may. */
export function refusalOf(address: string, rules: AddressRules): string | undefined {
  const parsed = effectiveAddress(address);
  if (!parsed) return `${address} is not an IP address`;
  const range = parsed.range();
  if (range === 'unicast') return undefined;
  if (credentialSources.has(parsed.toString())) return `${address} is a cloud metadata address`;
  if (range === 'loopback') return rules.allowLoopback ? undefined : `${address} is a loopback address`;
  if (privateRanges.has(range)) {
    return rules.allowPrivate
      ? undefined
      : `${address} is a private address (set allow_private: true on the destination if that is meant)`;
  }
  return `${address} is not an address on the public internet (${range})`;
}

/** An IPv4 address can hide in an IPv6 one, as ::ffff:10.0.0.1 or behind NAT64 as 64:ff9b::a00:1. */
function effectiveAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return undefined;
  const parsed = ipaddr.process(bare);
  if (parsed.kind() === 'ipv6' && parsed.range() === 'rfc6052') {
    return new ipaddr.IPv4(parsed.toByteArray().slice(12));
  }
  return parsed;
}
