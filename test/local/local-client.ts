import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const open: DynamoDBClient[] = [];
afterAll(() => {
  for (const client of open) client.destroy();
});

/** A client as any user would point it at the embedded database; closed after the file's last test. */
export function localClient(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  open.push(client);
  return client;
}
