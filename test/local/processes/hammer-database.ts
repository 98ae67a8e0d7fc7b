/** Writes to an embedded database as fast as it goes, printing each acknowledged write, until it is killed. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createTables } from '../../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../../lib/local/embedded-dynamodb.ts';

const [dataDir = '', round = '0'] = process.argv.slice(2);
const database = await startEmbeddedDynamoDb({ dataDir, port: 0 });
const db = new DynamoDBClient({
  endpoint: database.endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await createTables(db, 'killed-');
console.log(`repaired ${JSON.stringify(database.repaired ?? null)}`);

const TableName = 'killed-events';
const key = (worker: number, n: number) => ({
  incident_id: { S: `Q${round}-${worker}` },
  log_key: { S: `k${n}` },
});

/** Every row is put as due, made due later, settled, and every third one deleted. */
async function hammer(worker: number): Promise<never> {
  for (let n = 0; ; n++) {
    const Key = key(worker, n);
    const shard = { S: String(n % 8) };
    await db.send(
      new PutItemCommand({
        TableName,
        Item: { ...Key, due_shard: shard, due_at: { S: 'a' }, step: { N: '1' } },
      }),
    );
    console.log(`put ${Key.incident_id.S} ${Key.log_key.S} 1`);
    await db.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET due_at = :later, step = :two',
        ExpressionAttributeValues: { ':later': { S: 'b' }, ':two': { N: '2' } },
      }),
    );
    console.log(`put ${Key.incident_id.S} ${Key.log_key.S} 2`);
    if (n % 3 === 0) {
      await db.send(new DeleteItemCommand({ TableName, Key }));
      console.log(`del ${Key.incident_id.S} ${Key.log_key.S}`);
    } else if (n % 3 === 1) {
      await db.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET step = :three REMOVE due_shard, due_at',
          ExpressionAttributeValues: { ':three': { N: '3' } },
        }),
      );
      console.log(`put ${Key.incident_id.S} ${Key.log_key.S} 3`);
    }
  }
}
await Promise.all(Array.from({ length: 16 }, (_, worker) => hammer(worker)));
