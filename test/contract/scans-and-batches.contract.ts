import { BatchGetItemCommand, BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contract, Row } from './contract.ts';

export function describeScansAndBatches(contract: Contract): void {
  const { freshId, put, refusal } = contract;
  describe('scans and batches', () => {
    it('scan every item that passes the filter, over all pages and segments', async () => {
      const mark = freshId();
      for (let at = 0; at < 9; at += 1)
        await put({ incident_id: `${mark}-${at}`, sequence: 1, mark, odd: at % 2 });
      const scan = async (more: Row): Promise<string[]> => {
        const seen: string[] = [];
        let ExclusiveStartKey: never | undefined;
        do {
          const page = await contract.subject().db.send(
            new ScanCommand({
              TableName: contract.subject().table('outgoing'),
              FilterExpression: '#m = :m AND #o = :zero',
              ExpressionAttributeNames: { '#m': 'mark', '#o': 'odd' },
              ExpressionAttributeValues: marshall({ ':m': mark, ':zero': 0 }),
              ConsistentRead: true,
              ...more,
              ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
            }),
          );
          seen.push(...page.Items.map((item: never) => unmarshall(item)['incident_id']));
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey);
        return seen;
      };
      const expected = [0, 2, 4, 6, 8].map((at) => `${mark}-${at}`);
      expect((await scan({})).sort()).toEqual(expected);
      expect((await scan({ Limit: 2 })).sort()).toEqual(expected);
      const segments = await Promise.all(
        [0, 1, 2].map((Segment) => scan({ Segment, TotalSegments: 3, Limit: 2 })),
      );
      expect(segments.flat().sort()).toEqual(expected);
    });

    it('write and read in batches', async () => {
      const id = freshId();
      const table = contract.subject().table('outgoing');
      const keys = Array.from({ length: 25 }, (_, at) => ({ incident_id: id, sequence: at + 1 }));
      const written = await contract.subject().db.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [table]: keys.map((key) => ({ PutRequest: { Item: marshall({ ...key, v: 1 }) } })),
          },
        }),
      );
      expect(written.UnprocessedItems).toEqual({});
      await contract.subject().db.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [table]: [{ DeleteRequest: { Key: marshall({ incident_id: id, sequence: 3 }) } }],
          },
        }),
      );
      const { Responses } = await contract.subject().db.send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: keys.map((key) => marshall(key)), ConsistentRead: true } },
        }),
      );
      const found = Responses[table].map((item: never) => unmarshall(item)['sequence'] as number);
      expect(found.sort((a: number, b: number) => a - b)).toEqual(
        keys.map(({ sequence }) => sequence).filter((sequence) => sequence !== 3),
      );
    });

    const key = (sequence: number) => marshall({ incident_id: 'contract-batch', sequence });
    it.each<[string, () => Promise<unknown>]>([
      ['101 keys', () => getBatch(Array.from({ length: 101 }, (_, at) => key(at)))],
      ['a key twice', () => getBatch([key(1), key(1)])],
      ['no key', () => getBatch([])],
      ['26 writes', () => writeBatch(Array.from({ length: 26 }, (_, at) => key(at)))],
      ['two writes of one item', () => writeBatch([key(1), key(1)])],
    ])('refuse %s', async (_, attempt) => {
      expect(await refusal(attempt())).toBe('ValidationException');
    });
    const getBatch = (Keys: ReturnType<typeof key>[]) =>
      contract
        .subject()
        .db.send(
          new BatchGetItemCommand({ RequestItems: { [contract.subject().table('outgoing')]: { Keys } } }),
        );
    const writeBatch = (items: ReturnType<typeof key>[]) =>
      contract.subject().db.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [contract.subject().table('outgoing')]: items.map((Item) => ({ PutRequest: { Item } })),
          },
        }),
      );
  });
}
