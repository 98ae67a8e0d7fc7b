import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { tapInserts } from '../../lib/local/stream-tap.ts';

const row = { incident_id: { S: 'Q1' }, log_key: { S: 'k' }, body: { S: '{}' } };
const Key = { incident_id: { S: 'Q1' }, log_key: { S: 'k' } };

function tapped(send: () => Promise<unknown>) {
  const seen: DynamoDBRecord[] = [];
  return { db: tapInserts({ send }, 'x-events', (record) => seen.push(record)), seen };
}

describe('the stream tap', () => {
  it('reports a row that was put, in the form of a stream record, after it is written', async () => {
    const { db, seen } = tapped(async () => {
      expect(seen).toEqual([]);
      return { put: true };
    });
    expect(await db.send(new PutItemCommand({ TableName: 'x-events', Item: row }))).toEqual({ put: true });
    const SequenceNumber = expect.stringMatching(/^\d{21}$/);
    expect(seen).toMatchObject([
      {
        eventName: 'INSERT',
        eventSource: 'aws:dynamodb',
        dynamodb: { Keys: Key, SequenceNumber, StreamViewType: 'KEYS_ONLY' },
      },
    ]);
  });

  it.each([
    ['a row of another table', new PutItemCommand({ TableName: 'x-incidents', Item: row })],
    ['an update', new UpdateItemCommand({ TableName: 'x-events', Key })],
    ['a read', new GetItemCommand({ TableName: 'x-events', Key })],
  ])('does not report %s', async (_, command) => {
    const { db, seen } = tapped(async () => ({}));
    await db.send(command);
    expect(seen).toEqual([]);
  });

  it('does not report a row that was refused', async () => {
    const { db, seen } = tapped(async () => {
      throw new Error('ConditionalCheckFailedException');
    });
    await expect(db.send(new PutItemCommand({ TableName: 'x-events', Item: row }))).rejects.toThrow(
      'Conditional',
    );
    expect(seen).toEqual([]);
  });
});
