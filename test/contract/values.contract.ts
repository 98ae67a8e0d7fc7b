import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Contract } from './contract.ts';

export function describeValues(contract: Contract): void {
  const { freshId, put, read } = contract;
  describe('values', () => {
    it.each<[string, string]>([
      ['1.50', '1.5'],
      ['007', '7'],
      ['-0', '0'],
      ['1e3', '1000'],
      ['0.00012', '0.00012'],
      ['1772445521123456789', '1772445521123456789'],
    ])('the number %s comes back as %s', async (N, expected) => {
      const incident_id = freshId();
      await contract.subject().db.send(
        new PutItemCommand({
          TableName: contract.subject().table('outgoing'),
          Item: { incident_id: { S: incident_id }, sequence: { N: '1' }, n: { N } },
        }),
      );
      const { Item } = await contract.subject().db.send(
        new GetItemCommand({
          TableName: contract.subject().table('outgoing'),
          Key: marshall({ incident_id, sequence: 1 }),
          ConsistentRead: true,
        }),
      );
      expect(Item.n).toEqual({ N: expected });
    });

    it('keeps text, bytes, nulls and nesting as they are', async () => {
      const incident_id = freshId();
      const row = {
        incident_id,
        sequence: 1,
        text: 'ünï\u0000\u{1F600}',
        empty: '',
        none: null,
        yes: true,
        bytes: new Uint8Array([0, 255]),
        deep: { list: [[], {}, { a: [1.5] }] },
      };
      await put(row);
      expect(await read(incident_id)).toEqual(row);
    });

    it('reports consumed capacity when asked', async () => {
      const incident_id = freshId();
      const asked = { ReturnConsumedCapacity: 'TOTAL' };
      const { ConsumedCapacity } = await put({ incident_id, sequence: 1, text: 'x'.repeat(1500) }, asked);
      expect(ConsumedCapacity.CapacityUnits).toBe(2);
      const silent = await put({ incident_id, sequence: 1 });
      expect(silent.ConsumedCapacity).toBeUndefined();
    });
  });
}
