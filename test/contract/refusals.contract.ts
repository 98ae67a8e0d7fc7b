import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Contract } from './contract.ts';

export function describeRefusals(contract: Contract): void {
  const { freshId, put, read, update, refusal } = contract;
  describe('refusals', () => {
    const big = 'x'.repeat(400 * 1024);
    it.each<[string, () => Promise<unknown>, string]>([
      ['an item over 400 KB', () => put({ incident_id: freshId(), sequence: 1, big }), 'ValidationException'],
      [
        'an update that makes an item too large',
        () => update(freshId(), 'SET #b = :b', { '#b': 'b' }, { ':b': big }),
        'ValidationException',
      ],
      ['an empty key', () => put({ incident_id: '', sequence: 1 }), 'ValidationException'],
      ['a missing range key', () => put({ incident_id: freshId() }), 'ValidationException'],
      ['a key of another type', () => put({ incident_id: freshId(), sequence: '1' }), 'ValidationException'],
      [
        'an index key of another type',
        () =>
          contract.subject().db.send(
            new PutItemCommand({
              TableName: contract.subject().table('events'),
              Item: marshall({ incident_id: freshId(), log_key: 'k', due_shard: 1, due_at: 'x' }),
            }),
          ),
        'ValidationException',
      ],
      [
        'an update of a key attribute',
        () => update(freshId(), 'SET #s = :s', { '#s': 'sequence' }, { ':s': 2 }),
        'ValidationException',
      ],
      [
        'a name that no expression uses',
        () => update(freshId(), 'SET #a = :a', { '#a': 'a', '#b': 'b' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'a value that no expression uses',
        () => update(freshId(), 'SET #a = :a', { '#a': 'a' }, { ':a': 1, ':b': 1 }),
        'ValidationException',
      ],
      [
        'a name that is not defined',
        () => update(freshId(), 'SET #a = :a, #b = :a', { '#a': 'a' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'a value that is not defined',
        () => update(freshId(), 'SET #a = :a, #b = :b', { '#a': 'a', '#b': 'b' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'overlapping paths',
        () => update(freshId(), 'SET #a = :a, #a.#b = :a', { '#a': 'a', '#b': 'b' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'a path into nothing',
        () => update(freshId(), 'SET #a.#b = :a', { '#a': 'a', '#b': 'b' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'arithmetic on nothing',
        () => update(freshId(), 'SET #a = #a + :a', { '#a': 'a' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'arithmetic on a string',
        () => update(freshId(), 'SET #a = :a + :b', { '#a': 'a' }, { ':a': 1, ':b': 'x' }),
        'ValidationException',
      ],
      [
        'a syntax error',
        () => update(freshId(), 'SET #a :a', { '#a': 'a' }, { ':a': 1 }),
        'ValidationException',
      ],
      [
        'an unknown table',
        () =>
          contract
            .subject()
            .db.send(new GetItemCommand({ TableName: 'contract-no-such-table', Key: marshall({ a: 'a' }) })),
        'ResourceNotFoundException',
      ],
    ])('%s', async (_, attempt, expected) => {
      expect(await refusal(attempt())).toBe(expected);
    });

    it('leaves the item alone', async () => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, a: 'text' });
      await refusal(
        update(incident_id, 'ADD #a :one SET #b = :one', { '#a': 'a', '#b': 'b' }, { ':one': 1 }),
      );
      expect(await read(incident_id)).toEqual({ incident_id, sequence: 1, a: 'text' });
    });
  });
}
