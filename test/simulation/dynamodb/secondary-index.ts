import type { IndexDefinition, TableDefinition } from '../../../lib/store/database/table-definitions.ts';
import { keyAttributes } from './admission.ts';
import { type Entry, insertEntry, removeEntry } from './sorted-entries.ts';
import type { Item, Value } from './value.ts';

/**
 * A global secondary index: sparse, projected, and eventually consistent. A change of the table reaches it
 * after `lag` milliseconds, changes keep their order.
 */
export interface SecondaryIndex {
  definition: IndexDefinition;
  /** Records a change of the table; `identity` names the item. Returns the write units it costs. */
  change(identity: string, item: Item | undefined, at: number, lag: number): number;
  /** The entries of one partition as the index knows them at `now`. */
  partition(hash: string, now: number): Entry[];
  everything(now: number): Entry[];
  /** The items that belong in the index now, whether it shows them yet or not. */
  truth(): Iterable<Item>;
  /** Whether changes have not reached it yet. */
  behind(now: number): boolean;
  /** Makes the index forget entries, as an index rebuilt from nothing or damaged by a crash would. */
  forget(identity: string): void;
}

interface Pending {
  at: number;
  identity: string;
  item: Item | undefined;
}

const scalar = (value: Value | undefined) => value?.S ?? value?.N;

export function createSecondaryIndex(definition: IndexDefinition, table: TableDefinition): SecondaryIndex {
  const partitions = new Map<string, Entry[]>();
  const current = new Map<string, { hash: string; entry: Entry }>();
  const latest = new Map<string, Item>();
  const pending: Pending[] = [];
  const { hash, range } = definition;
  const kept = [
    ...new Set([
      ...keyAttributes(table).map((key) => key.attribute),
      hash.attribute,
      range.attribute,
      ...definition.include,
    ]),
  ];

  const projected = (item: Item | undefined): Item | undefined => {
    if (!item || item[hash.attribute] === undefined || item[range.attribute] === undefined) return undefined;
    const copy: Item = {};
    for (const name of kept) {
      const value = item[name];
      if (value !== undefined) copy[name] = value;
    }
    return copy;
  };

  const apply = ({ identity, item }: Pending) => {
    const old = current.get(identity);
    if (old) {
      removeEntry(partitions.get(old.hash) ?? [], old.entry);
      current.delete(identity);
    }
    const key = scalar(item?.[hash.attribute]);
    if (!item || key === undefined) return;
    const entry: Entry = {
      sort: item[range.attribute],
      tie: identity,
      item,
      before: undefined,
      changedAt: 0,
    };
    const entries = partitions.get(key) ?? [];
    partitions.set(key, entries);
    insertEntry(entries, entry);
    current.set(identity, { hash: key, entry });
  };

  const settle = (now: number) => {
    let done = 0;
    while (done < pending.length && (pending[done] as Pending).at <= now) {
      apply(pending[done] as Pending);
      done += 1;
    }
    if (done > 0) pending.splice(0, done);
  };

  return {
    definition,
    change: (identity, item, at, lag) => {
      const next = projected(item);
      const old = latest.get(identity);
      if (!next && !old) return 0;
      if (next) latest.set(identity, next);
      else latest.delete(identity);
      const due = Math.max(at + lag, pending.at(-1)?.at ?? 0);
      pending.push({ at: due, identity, item: next });
      settle(at);
      return old && next && scalar(old[range.attribute]) !== scalar(next[range.attribute]) ? 2 : 1;
    },
    partition: (key, now) => {
      settle(now);
      return partitions.get(key) ?? [];
    },
    everything: (now) => {
      settle(now);
      return [...partitions.values()].flat();
    },
    truth: () => latest.values(),
    behind: (now) => {
      settle(now);
      return pending.length > 0;
    },
    forget: (identity) => {
      settle(Number.POSITIVE_INFINITY);
      apply({ at: 0, identity, item: undefined });
      latest.delete(identity);
    },
  };
}
