import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Contract, Row } from './contract.ts';

export function describeWritesOnCondition(contract: Contract): void {
  const { freshId, put, read, update, refusal } = contract;
  describe('writes on a condition', () => {
    it('stores an item that is absent once and refuses it the second time', async () => {
      const incident_id = freshId();
      const condition = {
        ConditionExpression: 'attribute_not_exists(#k)',
        ExpressionAttributeNames: { '#k': 'incident_id' },
      };
      expect(await refusal(put({ incident_id, sequence: 1, text: 'first' }, condition))).toBe('accepted');
      expect(await refusal(put({ incident_id, sequence: 1, text: 'second' }, condition))).toBe(
        'ConditionalCheckFailedException',
      );
      expect(await read(incident_id)).toEqual({ incident_id, sequence: 1, text: 'first' });
    });

    it('lets exactly one of many simultaneous writers through', async () => {
      const incident_id = freshId();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, writer) =>
          refusal(
            put(
              { incident_id, sequence: 1, writer },
              {
                ConditionExpression: 'attribute_not_exists(#k)',
                ExpressionAttributeNames: { '#k': 'incident_id' },
              },
            ),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    });

    const row = {
      text: 'middle',
      count: 5,
      flag: true,
      list: ['a', 1],
      map: { inner: 'x' },
      tags: new Set(['p', 'q']),
    };
    const names = {
      '#text': 'text',
      '#count': 'count',
      '#flag': 'flag',
      '#list': 'list',
      '#map': 'map',
      '#tags': 'tags',
      '#inner': 'inner',
      '#gone': 'gone',
    } as const;
    it.each<[string, Row, boolean]>([
      ['#text = :v', { ':v': 'middle' }, true],
      ['#text = :v', { ':v': 'other' }, false],
      ['#text <> :v', { ':v': 'other' }, true],
      ['#gone <> :v', { ':v': 'other' }, true],
      ['#gone = :v', { ':v': 'other' }, false],
      ['NOT #gone = :v', { ':v': 'other' }, true],
      ['#count < :v', { ':v': 10 }, true],
      ['#count < :v', { ':v': 5 }, false],
      ['#count <= :v', { ':v': 5 }, true],
      ['#count > :v', { ':v': 4 }, true],
      ['#count >= :v', { ':v': 6 }, false],
      ['#count = :v', { ':v': '5' }, false],
      ['#count < :v', { ':v': '9' }, false],
      ['#gone < :v', { ':v': 5 }, false],
      ['#count BETWEEN :low AND :high', { ':low': 5, ':high': 6 }, true],
      ['#count BETWEEN :low AND :high', { ':low': 6, ':high': 9 }, false],
      ['#text IN (:a, :b)', { ':a': 'x', ':b': 'middle' }, true],
      ['#text IN (:a)', { ':a': 'x' }, false],
      ['attribute_exists(#text)', {}, true],
      ['attribute_exists(#gone)', {}, false],
      ['attribute_exists(#map.#inner)', {}, true],
      ['attribute_not_exists(#map.#gone)', {}, true],
      ['#map.#inner = :v', { ':v': 'x' }, true],
      ['#list[1] = :v', { ':v': 1 }, true],
      ['attribute_exists(#list[2])', {}, false],
      ['begins_with(#text, :v)', { ':v': 'mid' }, true],
      ['begins_with(#gone, :v)', { ':v': 'mid' }, false],
      ['contains(#text, :v)', { ':v': 'ddl' }, true],
      ['contains(#tags, :v)', { ':v': 'q' }, true],
      ['contains(#list, :v)', { ':v': 'a' }, true],
      ['contains(#list, :v)', { ':v': 'b' }, false],
      ['size(#list) = :v', { ':v': 2 }, true],
      ['size(#tags) > :v', { ':v': 2 }, false],
      ['size(#text) = :v', { ':v': 6 }, true],
      ['#flag = :v', { ':v': true }, true],
      ['attribute_not_exists(#gone) OR #gone < :v', { ':v': 1 }, true],
      [
        '#count = :five AND (#text = :no OR NOT #flag = :false)',
        { ':five': 5, ':no': 'no', ':false': false },
        true,
      ],
      ['#gone = :v OR #count = :v AND #text = :v', { ':v': 5 }, false],
      ['NOT (#count = :v AND #text = :v)', { ':v': 5 }, true],
    ])('%s with %j is %s', async (ConditionExpression, values, holds) => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, ...row });
      const used = Object.fromEntries(
        Object.entries(names).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression)),
      );
      const outcome = await refusal(
        update(
          incident_id,
          'SET #done = :done',
          { ...used, '#done': 'done' },
          { ...values, ':done': 1 },
          {
            ConditionExpression,
          },
        ),
      );
      expect(outcome).toBe(holds ? 'accepted' : 'ConditionalCheckFailedException');
      expect((await read(incident_id))?.['done']).toBe(holds ? 1 : undefined);
    });

    it('deletes on a condition', async () => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, owner: 'me' });
      const remove = (owner: string) =>
        refusal(
          contract.subject().db.send(
            new DeleteItemCommand({
              TableName: contract.subject().table('outgoing'),
              Key: marshall({ incident_id, sequence: 1 }),
              ConditionExpression: '#o = :o',
              ExpressionAttributeNames: { '#o': 'owner' },
              ExpressionAttributeValues: marshall({ ':o': owner }),
            }),
          ),
        );
      expect(await remove('you')).toBe('ConditionalCheckFailedException');
      expect(await remove('me')).toBe('accepted');
      expect(await remove('me')).toBe('ConditionalCheckFailedException');
      expect(await read(incident_id)).toBeUndefined();
    });
  });
}
