import type { TableName } from '../../../lib/store/database/table-definitions.ts';
import type { Table } from './table.ts';
import type { Item } from './value.ts';

/** A change of one item, as DynamoDB streams report it. */
export interface Change {
  table: TableName;
  key: Item;
  before: Item | undefined;
  after: Item | undefined;
  at: number;
}

/** What makes a real database less tidy than a map; every part is off unless given. */
export interface Untidiness {
  now?: () => number;
  /** Drawn for each write: how long until indexes show it. */
  indexLag?: () => number;
  /** Drawn for each eventually consistent read of a table: how old its picture may be. */
  readLag?: () => number;
  /** Drawn for each query or scan: a page ends after this many items though there are more. */
  pageItems?: () => number | undefined;
  /** Drawn for each entry of a batch: true leaves it unprocessed. */
  unprocessed?: () => boolean;
  onChange?: (change: Change) => void;
}

/** What operations work with. */
export interface Database {
  table(name: string): Table;
  untidiness: Required<Omit<Untidiness, 'onChange'>>;
  write(table: Table, key: Item, item: Item | undefined): number;
}

// biome-ignore lint/suspicious/noExplicitAny: inputs are the SDK's, each operation narrows its own
export type Input = any;
export type Output = Record<string, unknown>;
export type Operation = (database: Database, input: Input) => Output;
