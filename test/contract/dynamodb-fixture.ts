import {
  type AttributeDefinition,
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDb, TableNames } from '../../lib/store/database/dynamo.ts';
import { type TableDefinition, tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../simulation/dynamodb/memory-dynamodb.ts';

/** One implementation of DynamoDB under the contract. */
export interface Subject {
  db: DynamoDb;
  table: TableNames;
  close(): Promise<void>;
}

const prefixed =
  (prefix: string): TableNames =>
  (table) =>
    `${prefix}${table}`;

export async function openStandIn(): Promise<Subject> {
  const table = prefixed('contract-');
  return { db: createMemoryDynamoDb(tableDefinitions, table), table, close: async () => {} };
}

export async function openDynalite(): Promise<Subject> {
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
  const subject = await openEndpoint(`http://127.0.0.1:${address.port}`);
  return {
    ...subject,
    close: async () => {
      await subject.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Any DynamoDB: tables with a prefix of their own are created there and left behind. */
export async function openEndpoint(endpoint: string): Promise<Subject> {
  const local = /\/\/(127\.0\.0\.1|localhost)/.test(endpoint);
  const client = new DynamoDBClient({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    maxAttempts: 1,
    ...(local && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  });
  const table = prefixed(`contract-${process.pid}-${Date.now()}-`);
  for (const definition of tableDefinitions)
    await client.send(createTable(definition, table(definition.name)));
  return { db: client, table, close: async () => client.destroy() };
}

function createTable(definition: TableDefinition, TableName: string): CreateTableCommand {
  const attributes = new Map<string, AttributeDefinition>();
  const schema = (hash: TableDefinition['hash'], range?: TableDefinition['range']) =>
    [hash, ...(range ? [range] : [])].map(({ attribute, type }, at) => {
      attributes.set(attribute, { AttributeName: attribute, AttributeType: type });
      return { AttributeName: attribute, KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const) };
    });
  const indexes: GlobalSecondaryIndex[] = definition.indexes.map(({ name, hash, range, include }) => ({
    IndexName: name,
    KeySchema: schema(hash, range),
    Projection:
      include.length === 0
        ? { ProjectionType: 'KEYS_ONLY' }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: include },
  }));
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(definition.hash, definition.range),
    AttributeDefinitions: [...attributes.values()],
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  });
}
