import {
  DescribeTableCommand,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Store } from './dynamo.ts';
import { inParallel } from './in-parallel.ts';
import { tableDefinitions } from './table-definitions.ts';

export interface TableState {
  /** As it is deployed. */
  name: string;
  /** DynamoDB's word, such as ACTIVE. */
  state: string;
  /** Indexes the code asks that are not there, and those that cannot be asked yet. */
  missing: string[];
  building: string[];
}

/** Every table the code uses, as it is. */
export async function describeTables(store: Store): Promise<TableState[]> {
  return inParallel(tableDefinitions, 4, async ({ name: table, indexes }) => {
    const name = store.table(table);
    const found = await describe(store, name);
    if (found === undefined) return { name, state: 'missing', missing: [], building: [] };
    const states = new Map(
      (found.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index.IndexStatus]),
    );
    const named = indexes.map((index) => index.name);
    return {
      name,
      state: found.TableStatus ?? 'unknown',
      missing: named.filter((index) => !states.has(index)),
      building: named.filter((index) => states.has(index) && states.get(index) !== 'ACTIVE'),
    };
  });
}

async function describe(store: Store, name: string): Promise<TableDescription | undefined> {
  try {
    const answer = (await store.db.send(new DescribeTableCommand({ TableName: name }))) as {
      Table?: TableDescription;
    };
    return answer.Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
