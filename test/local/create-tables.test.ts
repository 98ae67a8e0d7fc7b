import { CreateTableCommand, type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/embedded-dynamodb.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { localClient } from './local-client.ts';

describe('creating the tables', () => {
  let db: DynamoDBClient;
  let close = async () => {};
  beforeAll(async () => {
    const database = await startEmbeddedDynamoDb({ dataDir: 'memory', port: 0 });
    db = localClient(database.endpoint);
    close = database.close;
  });
  afterAll(() => close());

  it('makes every table, and changes nothing the second time', async () => {
    await createTables(db, 'twice-');
    await createTables(db, 'twice-');
    const { TableNames } = await db.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(tableDefinitions.map(({ name }) => `twice-${name}`).sort());
  });

  it('may be done by two processes at once', async () => {
    await Promise.all([createTables(db, 'both-'), createTables(db, 'both-')]);
  });

  const table = (TableName: string, keys: [string, 'S' | 'N'][], indexes: object[] = []) =>
    db.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          ...keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
          ...(indexes.length > 0 ? [{ AttributeName: 'due_shard', AttributeType: 'S' as const }] : []),
        ],
        KeySchema: keys.map(([AttributeName], i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
        ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes as never }),
      }),
    );
  const onlyShard = {
    IndexName: 'due',
    KeySchema: [{ AttributeName: 'due_shard', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  };

  it.each([
    [
      'a',
      'another key',
      () => table('a-events', [['id', 'S']]),
      'its key is id (S) instead of incident_id (S), log_key (S)',
    ],
    [
      'b',
      'another type',
      () =>
        table('b-events', [
          ['incident_id', 'S'],
          ['log_key', 'N'],
        ]),
      'its key is incident_id (S), log_key (N)',
    ],
    [
      'c',
      'no index',
      () =>
        table('c-events', [
          ['incident_id', 'S'],
          ['log_key', 'S'],
        ]),
      'it has no index "due"',
    ],
    [
      'd',
      'an index with another key',
      () =>
        table(
          'd-events',
          [
            ['incident_id', 'S'],
            ['log_key', 'S'],
          ],
          [onlyShard],
        ),
      'its index "due" has the key due_shard (S) instead of due_shard (S), due_at (S)',
    ],
  ])('refuses a table (%s) with %s', async (letter, _, make, difference) => {
    await make();
    await expect(createTables(db, `${letter}-`)).rejects.toMatchObject({
      code: 'table_differs',
      message: expect.stringContaining(difference),
    });
  });
});
