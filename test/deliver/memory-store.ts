import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Store } from '../../lib/store/dynamo.ts';
import type { Row } from '../../lib/store/request.ts';
import { type TableName, tableDefinitions } from '../../lib/store/table-definitions.ts';
import type { Change } from '../simulation/dynamodb/database.ts';
import { createMemoryDynamoDb } from '../simulation/dynamodb/memory-dynamodb.ts';

export interface MemoryStore {
  store: Store;
  /** Every row of a table, as it is at this very moment. */
  rows(table: TableName): Row[];
  /** What the store did, one command after the other: `Query deliveries due`. */
  commands: string[];
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
  const commands: string[] = [];
  return {
    commands,
    rows: (name) =>
      [...(memory.tables.get(name)?.partitions() ?? [])].flat().map(({ item }) => unmarshall(item as never)),
    onWrite: (look) => {
      looks.push(look);
    },
    store: {
      table,
      db: {
        send: async (command) => {
          const { TableName: name, IndexName: index } = command.input;
          commands.push([command.constructor.name.replace(/Command$/, ''), name, index].join(' ').trim());
          // A turn of the event loop, as any database takes: workers come between each other's calls.
          await new Promise((resolve) => setImmediate(resolve));
          return memory.send(command);
        },
      },
    },
  };
}
