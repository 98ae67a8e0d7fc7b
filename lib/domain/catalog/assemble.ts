import { type CatalogEntry, type CatalogService, type CatalogTeam, defaultNamespace } from './entry.ts';
import { mergeEntries } from './merge.ts';
import { comparableName } from './names.ts';
import { groupByEntry } from './same-service.ts';

/** What one source says about an entry. */
export interface Contribution {
  source: string;
  entry: CatalogEntry;
}

/** Sources in the order in which they count: of two that contradict each other the later holds. */
export const bySource = (one: { source: string }, other: { source: string }): number =>
  one.source < other.source ? -1 : one.source > other.source ? 1 : 0;

/**
 * The catalog as it is used, from what its sources contribute: one entry for each thing, under the name that goes
 * out. That is the short one where it is unique among the contributions, else `namespace/name`, and then the short
 * one is an alias. Right for every entry whose namesakes, and those of its team, are among the contributions.
 */
export const assembleCatalog = (contributions: readonly Contribution[]): CatalogEntry[] =>
  assembleItems(contributions).map(({ entry }) => entry);

/** The same, each entry with the contributions it is made of, in the order in which they count. */
export function assembleItems(
  contributions: readonly Contribution[],
): { entry: CatalogEntry; from: Contribution[] }[] {
  const ordered = [...contributions].sort(bySource);
  const merged = groupByEntry(ordered, ({ entry }) => entry).map((from) => ({
    entry: mergeEntries(from.map(({ entry }) => entry)).entry,
    from,
  }));
  const named = merged.map(({ entry }) => entry).filter(hasNamespace);
  const services = namespacesOf(named.filter(({ type }) => type === 'service'));
  const teams = namespacesOf(named.filter(({ type }) => type === 'team'));
  return merged.map(({ entry, from }) => {
    const renamed = hasNamespace(entry) ? outgoing(entry, entry.type === 'team' ? teams : services) : entry;
    return { entry: renamed.type === 'team' ? renamed : withOutgoingTeam(renamed, teams), from };
  });
}

function outgoing<Entry extends CatalogService | CatalogTeam>(entry: Entry, namespaces: Namespaces): Entry {
  if (!isShared(entry.name, namespaces)) return entry;
  const aliases = [...new Set([entry.name, ...(entry.aliases ?? [])])];
  return { ...entry, name: `${entry.namespace}/${entry.name}`, aliases };
}

function withOutgoingTeam(service: CatalogService, namespaces: Namespaces): CatalogService {
  const { team, teamNamespace = defaultNamespace } = service;
  if (team === undefined || !isShared(team, namespaces)) return service;
  const known = namespaces.get(comparableName(team) ?? team)?.has(teamNamespace) ?? false;
  return known ? { ...service, team: `${teamNamespace}/${team}` } : service;
}

type Namespaces = Map<string, Set<string>>;

function namespacesOf(entries: readonly CatalogEntry[]): Namespaces {
  const found: Namespaces = new Map();
  for (const { name, namespace } of entries) {
    const key = comparableName(name) ?? name;
    found.set(key, (found.get(key) ?? new Set()).add(namespace));
  }
  return found;
}

const isShared = (name: string, namespaces: Namespaces): boolean =>
  (namespaces.get(comparableName(name) ?? name)?.size ?? 0) > 1;

/** Datadog has no namespaces, so what it says is of none, rather than of the usual one. */
function hasNamespace({ format, namespace }: CatalogEntry): boolean {
  return format === 'backstage' || namespace !== defaultNamespace;
}

/** Whether names of these entries could be those of others in another namespace. */
export function usesNamespaces(entries: readonly CatalogEntry[]): boolean {
  return entries.some(
    (entry) =>
      entry.namespace !== defaultNamespace || (entry.type === 'service' && entry.teamNamespace !== undefined),
  );
}
