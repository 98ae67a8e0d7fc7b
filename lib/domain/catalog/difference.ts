import { type CatalogEntry, entryIdentity } from './entry.ts';

/** One attribute of an entry that differs; null where it has no value. */
export interface AttributeChange {
  attribute: string;
  before: unknown;
  after: unknown;
}

export interface ChangedEntry {
  before: CatalogEntry;
  after: CatalogEntry;
  changes: AttributeChange[];
}

export interface CatalogDifference {
  added: CatalogEntry[];
  changed: ChangedEntry[];
  removed: CatalogEntry[];
  unchanged: number;
}

/** What has to happen for `before` to become `after`; each list is sorted by identity. */
export function difference(
  before: readonly CatalogEntry[],
  after: readonly CatalogEntry[],
): CatalogDifference {
  const old = new Map(before.map((entry) => [entryIdentity(entry), entry]));
  const wanted = new Map(after.map((entry) => [entryIdentity(entry), entry]));
  const result: CatalogDifference = { added: [], changed: [], removed: [], unchanged: 0 };
  for (const [identity, entry] of [...wanted].sort(byIdentity)) {
    const was = old.get(identity);
    if (was === undefined) {
      result.added.push(entry);
      continue;
    }
    const changes = changesBetween(was, entry);
    if (changes.length === 0) result.unchanged++;
    else result.changed.push({ before: was, after: entry, changes });
  }
  for (const [identity, entry] of [...old].sort(byIdentity)) {
    if (!wanted.has(identity)) result.removed.push(entry);
  }
  return result;
}

export function isEmpty({ added, changed, removed }: CatalogDifference): boolean {
  return added.length + changed.length + removed.length === 0;
}

const byIdentity = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

function changesBetween(before: CatalogEntry, after: CatalogEntry): AttributeChange[] {
  const was = flatten(before);
  const is = flatten(after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((attribute) => {
    const change = { attribute, before: was[attribute] ?? null, after: is[attribute] ?? null };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

/** Attributes by name, the nested PagerDuty service as its two parts; where an entry comes from is none. */
function flatten({ origins: _, keptFrom: __, ...entry }: CatalogEntry): Record<string, unknown> {
  if (entry.type === 'team') return { ...entry };
  const { pagerduty, ...rest } = entry;
  return { ...rest, pagerdutyHost: pagerduty?.host, pagerdutyServiceId: pagerduty?.id };
}
