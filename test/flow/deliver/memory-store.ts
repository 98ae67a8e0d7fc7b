import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { type TableName, tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import type { Change } from '../../simulation/dynamodb/database.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';

export interface Asked {
  /** Operation, table and index: `Query deliveries due`. */
  what: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are the SDK's, each operation has its own
  input: any;
}

export interface MemoryStore {
  store: Store;
  /** Every row of a table, as it is at this very moment. */
  rows(table: TableName): Row[];
  /** Those of one incident. */
  rowsOf(table: TableName, incidentId: string): Row[];
  /** What was asked of the database, one command after the other. */
  commands: Asked[];
  /** Called after every single write. */
  onWrite(look: (change: Change) => void): void;
}

/** The stand-in that the contract suite holds equal to DynamoDB: fast, and it can be looked into after any write. */
export function createMemoryStore(): MemoryStore {
  const table = (name: TableName) => name;
  const looks: ((change: Change) => void)[] = [];
  const memory = createMemoryDynamoDb(tableDefinitions, table, {
    onChange: (change) => {
      for (const look of looks) look(change);
    },
  });
  const commands: Asked[] = [];
  return {
    commands,
    rows: (name) =>
      [...(memory.tables.get(name)?.partitions() ?? [])].flat().map(({ item }) => unmarshall(item as never)),
    rowsOf: (name, incidentId) =>
      (memory.tables.get(name)?.partition(incidentId) ?? []).map(({ item }) => unmarshall(item as never)),
    onWrite: (look) => {
      looks.push(look);
    },
    store: {
      table,
      db: {
        send: async (command) => {
          const { input } = command;
          const operation = command.constructor.name.replace(/Command$/, '');
          const what = [operation, input.TableName, input.IndexName].join(' ').trim();
          commands.push({ what, input });
          // A turn of the event loop, as any database takes: workers come between each other's calls.
          await new Promise((resolve) => setImmediate(resolve));
          return memory.send(command);
        },
      },
    },
  };
}
