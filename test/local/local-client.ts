import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client as any user would point it at the embedded database. */
export function localClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}
