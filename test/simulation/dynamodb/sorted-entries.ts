import { compareStrings, compareValues, type Item, type Value } from './value.ts';

/** One row as a table or an index keeps it. `tie` orders entries of an index with equal range keys. */
export interface Entry {
  sort: Value | undefined;
  tie: string;
  item: Item;
  /** What was there before the last change, for eventually consistent reads; undefined before an insert. */
  before: Item | undefined;
  changedAt: number;
}

const compare = (entry: Entry, sort: Value | undefined, tie: string): number => {
  const order = entry.sort && sort ? (compareValues(entry.sort, sort) ?? 0) : 0;
  return order !== 0 ? order : compareStrings(entry.tie, tie);
};

/** Index of the first entry that is not before the given place. */
export function lowerBound(entries: Entry[], sort: Value | undefined, tie: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(entries[middle] as Entry, sort, tie) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function findEntry(
  entries: Entry[] | undefined,
  sort: Value | undefined,
  tie = '',
): Entry | undefined {
  if (!entries) return undefined;
  const entry = entries[lowerBound(entries, sort, tie)];
  return entry && compare(entry, sort, tie) === 0 ? entry : undefined;
}

export function insertEntry(entries: Entry[], entry: Entry): void {
  entries.splice(lowerBound(entries, entry.sort, entry.tie), 0, entry);
}

export function removeEntry(entries: Entry[], entry: Entry): void {
  const at = entries.indexOf(entry);
  if (at >= 0) entries.splice(at, 1);
}
