/** The parts of dynalite used here; it ships no types. `dynalite/db/index.js` is its storage layer. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  export default function dynalite(options?: DynaliteOptions): Server;
}

declare module 'dynalite/db/index.js' {
  import type { DynaliteOptions } from 'dynalite';
  export type StoredItem = Record<string, unknown>;
  export interface StoredIndex {
    IndexName: string;
    IndexStatus?: string;
  }
  export interface StoredTable {
    TableName: string;
    TableStatus: string;
    GlobalSecondaryIndexes?: StoredIndex[];
  }
  export type LevelOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  export interface LevelDb {
    readonly status: string;
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    del(key: string): Promise<void>;
    batch(operations: LevelOperation[]): Promise<void>;
    iterator(range: LevelRange): AsyncIterable<[string, unknown]> & { all(): Promise<[string, unknown][]> };
    values(range?: LevelRange): { next(): Promise<unknown> };
    keys(range?: LevelRange): { next(): Promise<unknown> };
  }
  export interface LevelRange {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    /** Below zero: without limit. */
    limit?: number;
  }
  export interface IndexEntry {
    index: string;
    key: string;
    item: StoredItem;
  }
  export interface DynaliteStore {
    db: LevelDb;
  }
  const storage: {
    create(options: DynaliteOptions): DynaliteStore;
    /** The index entries to write and to remove when `before` becomes `after`. */
    getIndexActions(
      indexes: StoredIndex[],
      before: StoredItem | null,
      after: StoredItem | null,
      table: StoredTable,
    ): { puts: IndexEntry[]; deletes: { index: string; key: string }[] };
  };
  export default storage;
}
