import {
  type TableDefinition,
  type TableName,
  ttlAttribute,
} from '../../../lib/store/database/table-definitions.ts';
import { batchGet, batchWrite } from './batch-operations.ts';
import type { Database, Input, Operation, Output, Untidiness } from './database.ts';
import { invalid, noSuchTable } from './faults.ts';
import { deleteItem, getItem, putItem, updateItem } from './item-operations.ts';
import { queryItems, scanItems } from './query-operations.ts';
import { createTable, keyOf, type Table } from './table.ts';
import type { Item } from './value.ts';

const operations: Record<string, Operation> = {
  PutItem: putItem,
  GetItem: getItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  Query: queryItems,
  Scan: scanItems,
  BatchGetItem: batchGet,
  BatchWriteItem: batchWrite,
};

export interface MemoryDynamoDb {
  /** Answers one operation at once; throws the SDK's exceptions. */
  execute(operation: string, input: Input): Output;
  /** The shape the store expects of a client. */
  send(command: { input: Input; constructor: { name: string } }): Promise<Output>;
  tables: Map<string, Table>;
  /** Deletes what its TTL attribute allows to be deleted; returns how many items that were. */
  expire(nowMs: number): number;
}

export const operationName = (command: { constructor: { name: string } }): string =>
  command.constructor.name.replace(/Command$/, '');

export function createMemoryDynamoDb(
  definitions: TableDefinition[],
  tableName: (name: TableName) => string,
  untidiness: Untidiness = {},
): MemoryDynamoDb {
  const tables = new Map(
    definitions.map((definition) => [tableName(definition.name), createTable(definition)]),
  );
  const settled = {
    now: () => Date.now(),
    indexLag: () => 0,
    readLag: () => 0,
    pageItems: () => undefined,
    unprocessed: () => false,
    ...untidiness,
  };
  const write = (table: Table, key: Item, item: Item | undefined): number => {
    const at = settled.now();
    const before = table.find(key)?.item;
    const units = table.write(key, item, at, settled.indexLag);
    untidiness.onChange?.({ table: table.definition.name, key, before, after: item, at });
    return units;
  };
  const database: Database = {
    untidiness: settled,
    write,
    table: (name) => {
      const table = tables.get(name);
      if (!table) throw noSuchTable(name);
      return table;
    },
  };
  const execute = (operation: string, input: Input): Output => {
    const run = operations[operation];
    if (!run) throw invalid(`the stand-in does not know the operation ${operation}`);
    return { $metadata: {}, ...run(database, input) };
  };
  return {
    execute,
    send: async (command) => execute(operationName(command), command.input),
    tables,
    expire: (nowMs) => {
      let count = 0;
      for (const table of tables.values()) {
        const gone = [...table.partitions()]
          .flat()
          .filter(({ item }) => Number(item[ttlAttribute]?.N ?? Number.POSITIVE_INFINITY) * 1000 <= nowMs);
        for (const { item } of gone) write(table, keyOf(item, table), undefined);
        count += gone.length;
      }
      return count;
    },
  };
}
