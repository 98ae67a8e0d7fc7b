import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTables } from '../../lib/local/create-tables.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';

export interface TestDatabase {
  store: Store;
  endpoint: string;
  prefix: string;
  stop(): Promise<void>;
}

/** A DynamoDB in memory with all tables, on a free port; `stop` it after the tests of the file. */
export async function startTestDatabase(prefix = 'test-'): Promise<TestDatabase> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 3,
  });
  await createTables(db, prefix);
  return {
    store: { db, table: (table) => prefix + table },
    endpoint,
    prefix,
    stop: () => {
      db.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
