import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { DynamoDb } from '../store/database/dynamo.ts';

/**
 * A client that reports each new row of one table as DynamoDB Streams would, right after DynamoDB has said that
 * it is written.
 */
export function tapInserts(
  db: DynamoDb,
  table: string,
  inserted: (record: DynamoDBRecord) => void,
): DynamoDb {
  let sequence = 0;
  return {
    async send(command) {
      const answer = await db.send(command);
      if (command instanceof PutItemCommand && command.input.TableName === table) {
        const row = (command.input.Item ?? {}) as Record<string, AttributeValue>;
        inserted({
          eventID: String(++sequence),
          eventName: 'INSERT',
          eventVersion: '1.1',
          eventSource: 'aws:dynamodb',
          awsRegion: 'local',
          dynamodb: {
            Keys: keysOf(row),
            SequenceNumber: String(sequence).padStart(21, '0'),
            StreamViewType: 'KEYS_ONLY',
          },
        });
      }
      return answer;
    },
  };
}

function keysOf(row: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => name === 'incident_id' || name === 'log_key'),
  );
}
