import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contract, Row } from './contract.ts';

export function describeQueries(contract: Contract): void {
  const { freshId, put } = contract;
  describe('queries', () => {
    const query = (input: Row) => contract.subject().db.send(new QueryCommand(input as never));
    const everything = async (input: Row): Promise<Row[]> => {
      const rows: Row[] = [];
      let ExclusiveStartKey: unknown;
      do {
        const page = await query({ ...input, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) });
        rows.push(...(page.Items ?? []).map((item: never) => unmarshall(item)));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return rows;
    };
    const outgoing = (id: string, more: Row = {}) => ({
      TableName: contract.subject().table('outgoing'),
      KeyConditionExpression: '#h = :h',
      ExpressionAttributeNames: { '#h': 'incident_id' },
      ExpressionAttributeValues: marshall({ ':h': id }),
      ConsistentRead: true,
      ...more,
    });
    const fill = async (id: string, count: number) => {
      for (let sequence = 1; sequence <= count; sequence += 1) {
        await put({ incident_id: id, sequence, odd: sequence % 2, text: `t${sequence}` });
      }
    };

    it('returns a partition in the order of a numeric range key', async () => {
      const id = freshId();
      await fill(id, 11);
      const rows = await everything(outgoing(id));
      expect(rows.map((row) => row['sequence'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    it('reads backwards, page by page', async () => {
      const id = freshId();
      await fill(id, 7);
      const rows = await everything(outgoing(id, { ScanIndexForward: false, Limit: 3 }));
      expect(rows.map((row) => row['sequence'])).toEqual([7, 6, 5, 4, 3, 2, 1]);
    });

    it('counts the limit before the filter and goes on from the last evaluated key', async () => {
      const id = freshId();
      await fill(id, 5);
      const filtered = outgoing(id, {
        Limit: 2,
        FilterExpression: '#odd = :one',
        ExpressionAttributeNames: { '#h': 'incident_id', '#odd': 'odd' },
        ExpressionAttributeValues: marshall({ ':h': id, ':one': 1 }),
      });
      const first = await query(filtered);
      expect(first.Items).toHaveLength(1);
      expect(first.ScannedCount).toBe(2);
      expect(unmarshall(first.LastEvaluatedKey)).toEqual({ incident_id: id, sequence: 2 });
      expect((await everything(filtered)).map((row) => row['sequence'])).toEqual([1, 3, 5]);
    });

    it('goes on after a key whose item is gone', async () => {
      const id = freshId();
      await fill(id, 3);
      const Key = marshall({ incident_id: id, sequence: 2 });
      await contract
        .subject()
        .db.send(new DeleteItemCommand({ TableName: contract.subject().table('outgoing'), Key }));
      const rows = await everything(outgoing(id, { ExclusiveStartKey: Key }));
      expect(rows.map((row) => row['sequence'])).toEqual([3]);
    });

    it.each<[string, Row, number[]]>([
      ['#r = :a', { ':a': 3 }, [3]],
      ['#r < :a', { ':a': 3 }, [1, 2]],
      ['#r <= :a', { ':a': 3 }, [1, 2, 3]],
      ['#r > :a', { ':a': 3 }, [4, 5]],
      ['#r >= :a', { ':a': 3 }, [3, 4, 5]],
      ['#r BETWEEN :a AND :b', { ':a': 2, ':b': 4 }, [2, 3, 4]],
    ])('with %s', async (condition, values, expected) => {
      const id = freshId();
      await fill(id, 5);
      const rows = await everything(
        outgoing(id, {
          KeyConditionExpression: `#h = :h AND ${condition}`,
          ExpressionAttributeNames: { '#h': 'incident_id', '#r': 'sequence' },
          ExpressionAttributeValues: marshall({ ':h': id, ...values }),
        }),
      );
      expect(rows.map((row) => row['sequence'])).toEqual(expected);
    });

    it('keeps only what is projected', async () => {
      const id = freshId();
      await put({ incident_id: id, sequence: 1, a: { x: 1, y: 2 }, b: 'b', list: ['p', 'q', 'r'] });
      const rows = await everything(
        outgoing(id, {
          ProjectionExpression: '#a.#x, #list[2], #list[0]',
          ExpressionAttributeNames: { '#h': 'incident_id', '#a': 'a', '#x': 'x', '#list': 'list' },
        }),
      );
      expect(rows).toEqual([{ a: { x: 1 }, list: expect.arrayContaining(['p', 'r']) }]);
    });

    it('finds strings by prefix, in the order of their bytes', async () => {
      const id = freshId();
      const keys = ['d#\u{1F600}', 'd#\uFFFD', 'd#2', 'd#10', 'd#', 'e#1', 'D#1'];
      for (const delivery_id of keys) {
        await contract.subject().db.send(
          new PutItemCommand({
            TableName: contract.subject().table('deliveries'),
            Item: marshall({ incident_id: id, delivery_id }),
          }),
        );
      }
      const rows = await everything({
        TableName: contract.subject().table('deliveries'),
        KeyConditionExpression: '#h = :h AND begins_with(#r, :p)',
        ExpressionAttributeNames: { '#h': 'incident_id', '#r': 'delivery_id' },
        ExpressionAttributeValues: marshall({ ':h': id, ':p': 'd#' }),
      });
      expect(rows.map((row) => row['delivery_id'])).toEqual(['d#', 'd#10', 'd#2', 'd#\uFFFD', 'd#\u{1F600}']);
    });

    it('cuts a page at one megabyte', async () => {
      const id = freshId();
      for (const sequence of [1, 2, 3, 4]) await put({ incident_id: id, sequence, big: 'x'.repeat(380_000) });
      const first = await query(outgoing(id));
      expect(first.Items.length).toBeLessThan(4);
      expect(first.LastEvaluatedKey).toBeDefined();
      expect(await everything(outgoing(id))).toHaveLength(4);
    });
  });
}
