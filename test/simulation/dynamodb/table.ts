import type { TableDefinition } from '../../../lib/store/database/table-definitions.ts';
import { createSecondaryIndex, type SecondaryIndex } from './secondary-index.ts';
import { type Entry, findEntry, insertEntry, removeEntry } from './sorted-entries.ts';
import type { Item, Value } from './value.ts';

/** One table: partitions of rows sorted by range key, and its indexes. */
export interface Table {
  definition: TableDefinition;
  indexes: Map<string, SecondaryIndex>;
  partition(hash: string): Entry[];
  partitions(): Iterable<Entry[]>;
  find(key: Item): Entry | undefined;
  identity(key: Item): string;
  /** Stores or removes (undefined) the item under a key; returns the write units of the indexes. */
  write(key: Item, item: Item | undefined, now: number, indexLag: () => number): number;
}

const scalar = (value: Value | undefined) => value?.S ?? value?.N ?? '';

export function createTable(definition: TableDefinition): Table {
  const partitions = new Map<string, Entry[]>();
  const indexes = new Map(
    definition.indexes.map((index) => [index.name, createSecondaryIndex(index, definition)]),
  );
  const { hash, range } = definition;
  const sortOf = (key: Item) => (range ? key[range.attribute] : undefined);
  const hashOf = (key: Item) => scalar(key[hash.attribute]);
  const identity = (key: Item) => `${hashOf(key)}\u0000${scalar(sortOf(key))}`;
  const find = (key: Item) => findEntry(partitions.get(hashOf(key)), sortOf(key));

  return {
    definition,
    indexes,
    partition: (key) => partitions.get(key) ?? [],
    partitions: () => partitions.values(),
    find,
    identity,
    write: (key, item, now, indexLag) => {
      const old = find(key);
      if (old && item) {
        old.before = old.item;
        old.item = item;
        old.changedAt = now;
      } else if (old) {
        removeEntry(partitions.get(hashOf(key)) ?? [], old);
      } else if (item) {
        const entries = partitions.get(hashOf(key)) ?? [];
        partitions.set(hashOf(key), entries);
        insertEntry(entries, { sort: sortOf(key), tie: '', item, before: undefined, changedAt: now });
      }
      let units = 0;
      for (const index of indexes.values()) units += index.change(identity(key), item, now, indexLag());
      return units;
    },
  };
}

/** The key attributes of an item. */
export function keyOf(item: Item, { definition: { hash, range } }: Table): Item {
  const key: Item = { [hash.attribute]: item[hash.attribute] as Value };
  if (range) key[range.attribute] = item[range.attribute] as Value;
  return key;
}
