import { type CatalogEntry, type CatalogService, defaultNamespace, entryIdentity } from './entry.ts';
import { comparableName, sameName } from './names.ts';

/**
 * Sorts what several definitions say into one group for each entry they mean, in the order in which each was first
 * meant. Definitions of one identity belong together. Beyond that, Datadog has no namespaces: its definition joins
 * the one Backstage entity of its kind that has its name in another namespace, or that says it is called so in
 * Datadog; with several such entities it stays by itself.
 */
export function groupByEntry<Item>(items: readonly Item[], entryOf: (item: Item) => CatalogEntry): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const identity = entryIdentity(entryOf(item));
    const group = groups.get(identity);
    if (group === undefined) groups.set(identity, [item]);
    else group.push(item);
  }
  const candidates = backstageNames(groups.values(), entryOf);
  for (const [identity, group] of groups) {
    const [first] = group;
    if (first === undefined || !group.every((item) => isDatadogs(entryOf(item)))) continue;
    const found = candidates.get(nameKey(entryOf(first) as CatalogService, entryOf(first).name)) ?? new Set();
    const [home, ...others] = found;
    if (home === undefined || others.length > 0) continue;
    home.push(...group);
    groups.delete(identity);
  }
  const positions = new Map(items.map((item, index) => [item, index]));
  const inOrder = (one: Item, other: Item) => (positions.get(one) ?? 0) - (positions.get(other) ?? 0);
  return [...groups.values()].map((group) => group.sort(inOrder));
}

/** Groups of Backstage entities by every name a Datadog definition of the same service could have. */
function backstageNames<Item>(
  groups: Iterable<Item[]>,
  entryOf: (item: Item) => CatalogEntry,
): Map<string, Set<Item[]>> {
  const named = new Map<string, Set<Item[]>>();
  for (const group of groups) {
    for (const item of group) {
      const entry = entryOf(item);
      if (entry.type !== 'service' || isDatadogs(entry)) continue;
      for (const name of [entry.name, ...(entry.datadogName === undefined ? [] : [entry.datadogName])]) {
        const key = nameKey(entry, name);
        named.set(key, (named.get(key) ?? new Set()).add(group));
      }
    }
  }
  return named;
}

const nameKey = ({ kind }: CatalogService, name: string): string => `${kind}:${comparableName(name) ?? name}`;

/** A service of a format without namespaces, which stands in the usual one only because it has to stand somewhere. */
function isDatadogs(entry: CatalogEntry): boolean {
  return entry.type === 'service' && entry.format !== 'backstage' && entry.namespace === defaultNamespace;
}

/** Whether a definition could be of the same entry as another, wherever both are; what `groupByEntry` joins can. */
export function mayBeSame(one: CatalogEntry, other: CatalogEntry): boolean {
  if (entryIdentity(one) === entryIdentity(other)) return true;
  if (one.type !== 'service' || other.type !== 'service' || one.kind !== other.kind) return false;
  const [datadogs, entity] = isDatadogs(one) ? [one, other] : [other, one];
  if (!isDatadogs(datadogs) || isDatadogs(entity)) return false;
  return sameName(entity.name, datadogs.name) || sameName(entity.datadogName, datadogs.name);
}
