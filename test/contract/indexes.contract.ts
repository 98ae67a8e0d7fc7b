import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contract, Row } from './contract.ts';

export function describeIndexes(contract: Contract): void {
  const { freshId, refusal } = contract;
  describe('indexes', () => {
    /** Indexes are eventually consistent: what must become true is asked for until it is, or time is up. */
    const eventually = async (probe: () => Promise<unknown>, expected: unknown) => {
      const deadline = Date.now() + 10_000;
      let seen = await probe();
      while (JSON.stringify(seen) !== JSON.stringify(expected) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        seen = await probe();
      }
      expect(seen).toEqual(expected);
    };
    const event = (incident_id: string, more: Row) =>
      contract.subject().db.send(
        new PutItemCommand({
          TableName: contract.subject().table('events'),
          Item: marshall({ incident_id, log_key: 'k', ...more }),
        }),
      );
    const due = async (shard: string, before = '9'): Promise<Row[]> => {
      const { Items } = await contract.subject().db.send(
        new QueryCommand({
          TableName: contract.subject().table('events'),
          IndexName: 'due',
          KeyConditionExpression: '#s = :s AND #d <= :d',
          ExpressionAttributeNames: { '#s': 'due_shard', '#d': 'due_at' },
          ExpressionAttributeValues: marshall({ ':s': shard, ':d': before }),
        }),
      );
      return Items.map((item: never) => unmarshall(item));
    };

    it('are sparse, sorted, and hold keys only', async () => {
      const shard = freshId();
      await event(`${shard}-b`, { due_shard: shard, due_at: '2', extra: 1 });
      await event(`${shard}-a`, { due_shard: shard, due_at: '1' });
      await event(`${shard}-c`, { due_shard: shard });
      await eventually(async () => (await due(shard)).length, 2);
      expect((await due(shard)).map((row) => [row['incident_id'], row['extra']])).toEqual([
        [`${shard}-a`, undefined],
        [`${shard}-b`, undefined],
      ]);
      expect(await due(shard, '1')).toHaveLength(1);
    });

    it('follow an update and forget a removed attribute', async () => {
      const shard = freshId();
      await event(shard, { due_shard: shard, due_at: '1' });
      const change = (UpdateExpression: string, names: Record<string, string>, values?: Row) =>
        contract.subject().db.send(
          new UpdateItemCommand({
            TableName: contract.subject().table('events'),
            Key: marshall({ incident_id: shard, log_key: 'k' }),
            UpdateExpression,
            ExpressionAttributeNames: names,
            ...(values && { ExpressionAttributeValues: marshall(values) }),
          }),
        );
      await change('SET #d = :d', { '#d': 'due_at' }, { ':d': '5' });
      await eventually(async () => (await due(shard)).map((row) => row['due_at']), ['5']);
      await change('REMOVE #d, #s', { '#d': 'due_at', '#s': 'due_shard' });
      await eventually(() => due(shard), []);
    });

    it('carry the attributes they include', async () => {
      const held = freshId();
      await contract.subject().db.send(
        new PutItemCommand({
          TableName: contract.subject().table('mappings'),
          Item: marshall({ pagerduty_service_id: held, held, pinned_team: 'payments', rule: 'none' }),
        }),
      );
      await eventually(async () => {
        const { Items } = await contract.subject().db.send(
          new QueryCommand({
            TableName: contract.subject().table('mappings'),
            IndexName: 'held',
            KeyConditionExpression: '#h = :h',
            ExpressionAttributeNames: { '#h': 'held' },
            ExpressionAttributeValues: marshall({ ':h': held }),
          }),
        );
        return Items.map((item: never) => unmarshall(item)).map((row: Row) => [
          row['pinned_team'],
          row['rule'],
        ]);
      }, [['payments', undefined]]);
    });

    it('page through equal range keys without losing one', async () => {
      const shard = freshId();
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await event(`${shard}-${name}`, { due_shard: shard, due_at: '1' });
      const page = async (): Promise<string[]> => {
        const seen: string[] = [];
        let ExclusiveStartKey: never | undefined;
        do {
          const { Items, LastEvaluatedKey } = await contract.subject().db.send(
            new QueryCommand({
              TableName: contract.subject().table('events'),
              IndexName: 'due',
              KeyConditionExpression: '#s = :s',
              ExpressionAttributeNames: { '#s': 'due_shard' },
              ExpressionAttributeValues: marshall({ ':s': shard }),
              Limit: 2,
              ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
            }),
          );
          seen.push(...Items.map((item: never) => unmarshall(item)['incident_id']));
          ExclusiveStartKey = LastEvaluatedKey;
        } while (ExclusiveStartKey);
        return seen.sort();
      };
      await eventually(
        page,
        ['a', 'b', 'c', 'd', 'e'].map((name) => `${shard}-${name}`),
      );
    });

    it('refuse a consistent read', async () => {
      const attempt = contract.subject().db.send(
        new QueryCommand({
          TableName: contract.subject().table('events'),
          IndexName: 'due',
          KeyConditionExpression: '#s = :s',
          ExpressionAttributeNames: { '#s': 'due_shard' },
          ExpressionAttributeValues: marshall({ ':s': 'x' }),
          ConsistentRead: true,
        }),
      );
      expect(await refusal(attempt)).toBe('ValidationException');
    });
  });
}
