import { hostOf } from '../git-hosts/host-of.ts';
import type { BridgeConfig } from './bridge-config.ts';

const hoursADay = 24;
/** Rows must outlive their last possible attempt by enough for a person to look at them. */
const marginDays = 7;

/** Of `catalog push` without --source, and of BRIDGE_CATALOG. */
const sourceOfFiles = 'default';

interface Finding {
  path: PropertyKey[];
  message: string;
}

/** What no single key can know: names used twice, and a retention that would end under a delivery still retried. */
export function crossChecks(config: BridgeConfig): Finding[] {
  return [
    ...duplicateNames(config),
    ...tooShortRetention(config),
    ...idleLooseWords(config),
    ...duplicateSources(config),
    ...chainedAliases(config),
    ...duplicateHosts(config),
  ];
}

function duplicateNames({ destinations }: BridgeConfig): Finding[] {
  return destinations.flatMap(({ name }, index) => {
    const first = destinations.findIndex((other) => other.name === name);
    if (first === index) return [];
    const message = `${JSON.stringify(name)} is already the name of destinations[${first}]; names must be unique`;
    return [{ path: ['destinations', index, 'name'], message }];
  });
}

function tooShortRetention({ retention_days, retry }: BridgeConfig): Finding[] {
  const needed = retry.horizon_hours / hoursADay + marginDays;
  if (retention_days > needed) return [];
  const message = `must be more than retry.horizon_hours plus ${marginDays} days (${Math.round(needed * 10) / 10} days), or rows expire while they are still retried`;
  return [{ path: ['retention_days'], message }];
}

/** A URL is put on its account once: `{ a: b, b: c }` would leave one of a and one of b apart. */
function chainedAliases({ account_aliases: aliases = {} }: BridgeConfig): Finding[] {
  const known = new Set(Object.keys(aliases).map((name) => name.trim().toLowerCase()));
  return Object.entries(aliases)
    .filter(([, account]) => known.has(account.trim().toLowerCase()))
    .map(([name, account]) => ({
      path: ['account_aliases', name],
      message: `leads to ${JSON.stringify(account)}, which is an alias itself; name the account it goes by now`,
    }));
}

function duplicateHosts({ git_hosts = [] }: BridgeConfig): Finding[] {
  const hosts = git_hosts.map(hostOf);
  return hosts.flatMap((host, index) => {
    const first = hosts.indexOf(host);
    if (first === index) return [];
    const message = `is ${host} again, which is git_hosts[${first}]; name each host once`;
    return [{ path: ['git_hosts', index], message }];
  });
}

function idleLooseWords({ names, loose_words }: BridgeConfig): Finding[] {
  if (loose_words === undefined || names === 'loose') return [];
  return [{ path: ['loose_words'], message: 'says nothing unless `names: loose` is set as well' }];
}

function duplicateSources({ catalog_sources: sources = [] }: BridgeConfig): Finding[] {
  return sources.flatMap(({ name }, index) => {
    const first = sources.findIndex((other) => other.name === name);
    if (name === sourceOfFiles) {
      const message = `${JSON.stringify(name)} is the source that files are pushed as, and each would replace the other; choose another name`;
      return [{ path: ['catalog_sources', index, 'name'], message }];
    }
    if (first === index) return [];
    const message = `${JSON.stringify(name)} is already the name of catalog_sources[${first}]; names must be unique`;
    return [{ path: ['catalog_sources', index, 'name'], message }];
  });
}
