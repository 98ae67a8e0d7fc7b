import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/embedded-dynamodb.ts';
import { createStore } from '../../lib/local/embedded-store.ts';
import { localClient } from './local-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder as the version before left it: the table of incidents has no index by day, its rows may have one. */
async function leaveAsBefore(dataDir: string): Promise<void> {
  const store = createStore(`${dataDir}/dynamodb`);
  await store.db.open();
  const key = 'table~t-incidents';
  const table = (await store.db.get(key)) as {
    AttributeDefinitions: { AttributeName: string }[];
    GlobalSecondaryIndexes: { IndexName: string }[];
  };
  const entries: { type: 'del'; key: string }[] = [];
  const range = { gte: 'index-global~t-incidents~by_day~', lt: 'index-global~t-incidents~by_day~\uffff' };
  for await (const [entry] of store.db.iterator(range)) entries.push({ type: 'del', key: entry });
  await store.db.batch([
    ...entries,
    {
      type: 'put',
      key,
      value: {
        ...table,
        AttributeDefinitions: table.AttributeDefinitions.filter(
          ({ AttributeName }) => AttributeName !== 'day' && AttributeName !== 'at',
        ),
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.filter(
          ({ IndexName }) => IndexName !== 'by_day',
        ),
      },
    },
  ]);
  await store.db.close();
}

it('gives the tables of the version before their new indexes, with an entry for each row', async () => {
  const dataDir = temporaryFolder();
  const first = await startEmbeddedDynamoDb({ dataDir, port: 0 });
  const before = localClient(first.endpoint);
  await createTables(before, 't-');
  await before.send(
    new PutItemCommand({
      TableName: 't-incidents',
      Item: { incident_id: { S: 'Q1' }, day: { S: '2026-03-02' }, at: { S: '2026-03-02T10:00:00.000Z' } },
    }),
  );
  await first.close();
  await leaveAsBefore(dataDir);

  const { endpoint, repaired, close } = await startEmbeddedDynamoDb({ dataDir, port: 0 });
  const db = localClient(endpoint);
  await createTables(db, 't-');
  const { Items } = await db.send(
    new QueryCommand({
      TableName: 't-incidents',
      IndexName: 'by_day',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': { S: '2026-03-02' } },
    }),
  );
  await close();
  expect(Items?.map(({ incident_id }) => incident_id?.S)).toEqual(['Q1']);
  // Nothing was broken.
  expect(repaired).toBeUndefined();
});
