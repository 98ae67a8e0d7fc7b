import { DescribeContinuousBackupsCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Stack } from './deployment.ts';

/** Which of these tables can be set back to any moment of the last 35 days. */
export async function pointInTimeRecovery(
  { region, endpoint }: Stack,
  tables: readonly string[],
): Promise<{ table: string; on: boolean }[]> {
  const client = new DynamoDBClient({ region, ...(endpoint !== undefined && { endpoint }), maxAttempts: 2 });
  try {
    return await Promise.all(
      tables.map(async (table) => {
        const { ContinuousBackupsDescription } = await client.send(
          new DescribeContinuousBackupsCommand({ TableName: table }),
        );
        const status =
          ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
        return { table, on: status === 'ENABLED' };
      }),
    );
  } finally {
    client.destroy();
  }
}
