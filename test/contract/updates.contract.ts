import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Contract, Row } from './contract.ts';

export function describeUpdates(contract: Contract): void {
  const { freshId, put, read, update } = contract;
  describe('updates', () => {
    const start = { text: 'a', count: 5, list: [1], map: { x: 1 }, tags: new Set(['p', 'q']) };
    const names: Record<string, string> = {
      '#text': 'text',
      '#count': 'count',
      '#list': 'list',
      '#map': 'map',
      '#tags': 'tags',
      '#x': 'x',
      '#y': 'y',
      '#new': 'new',
    };
    it.each<[string, Row, Row]>([
      ['SET #text = :v', { ':v': 'b' }, { ...start, text: 'b' }],
      ['SET #new = :v, #count = #count + :one', { ':v': 'n', ':one': 1 }, { ...start, new: 'n', count: 6 }],
      ['SET #count = #count - :v', { ':v': 7 }, { ...start, count: -2 }],
      ['SET #new = if_not_exists(#new, :v)', { ':v': 1 }, { ...start, new: 1 }],
      ['SET #text = if_not_exists(#text, :v)', { ':v': 'b' }, start],
      ['SET #new = if_not_exists(#new, :zero) + :one', { ':zero': 0, ':one': 1 }, { ...start, new: 1 }],
      ['SET #list = list_append(#list, :v)', { ':v': [2, 'z'] }, { ...start, list: [1, 2, 'z'] }],
      [
        'SET #new = list_append(if_not_exists(#new, :none), :v)',
        { ':none': [], ':v': [2] },
        { ...start, new: [2] },
      ],
      ['SET #map.#y = :v', { ':v': 2 }, { ...start, map: { x: 1, y: 2 } }],
      ['SET #list[0] = :v', { ':v': 9 }, { ...start, list: [9] }],
      ['SET #list[7] = :v', { ':v': 9 }, { ...start, list: [1, 9] }],
      ['SET #new = #text, #text = :v', { ':v': 'b' }, { ...start, new: 'a', text: 'b' }],
      ['REMOVE #text, #new', {}, { count: 5, list: [1], map: { x: 1 }, tags: new Set(['p', 'q']) }],
      ['REMOVE #map.#x', {}, { ...start, map: {} }],
      ['ADD #count :v', { ':v': 3 }, { ...start, count: 8 }],
      ['ADD #new :v', { ':v': 3 }, { ...start, new: 3 }],
      ['ADD #tags :v', { ':v': new Set(['q', 'r']) }, { ...start, tags: new Set(['p', 'q', 'r']) }],
      ['DELETE #tags :v', { ':v': new Set(['p', 'z']) }, { ...start, tags: new Set(['q']) }],
      [
        'SET #text = :v REMOVE #map ADD #count :one',
        { ':v': 'b', ':one': 1 },
        { text: 'b', count: 6, list: [1], tags: start.tags },
      ],
    ])('%s with %j', async (expression, values, expected) => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, ...start });
      const used = Object.fromEntries(
        Object.entries(names).filter(([name]) => new RegExp(`${name}\\b`).test(expression)),
      );
      await update(incident_id, expression, used, values);
      expect(await read(incident_id)).toEqual({ incident_id, sequence: 1, ...expected });
    });

    it('creates the item it updates', async () => {
      const incident_id = freshId();
      await update(incident_id, 'SET #a = :a', { '#a': 'a' }, { ':a': 1 });
      expect(await read(incident_id)).toEqual({ incident_id, sequence: 1, a: 1 });
    });

    it('removes a set with its last element', async () => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, tags: new Set(['p']) });
      await update(incident_id, 'DELETE #t :v', { '#t': 'tags' }, { ':v': new Set(['p']) });
      expect(await read(incident_id)).toEqual({ incident_id, sequence: 1 });
    });

    it.each<[string, Row | undefined, Row]>([
      ['ALL_NEW', { incident_id: 'k', sequence: 1, a: 2, b: 1 }, {}],
      ['ALL_OLD', { incident_id: 'k', sequence: 1, a: 1, b: 1 }, {}],
      ['UPDATED_NEW', { a: 2 }, {}],
      ['UPDATED_OLD', { a: 1 }, {}],
      ['NONE', undefined, {}],
    ])('returns %s', async (ReturnValues, expected) => {
      const incident_id = freshId();
      await put({ incident_id, sequence: 1, a: 1, b: 1 });
      const { Attributes } = await update(
        incident_id,
        'SET #a = :a',
        { '#a': 'a' },
        { ':a': 2 },
        { ReturnValues },
      );
      const row = Attributes && unmarshall(Attributes);
      expect(row && 'incident_id' in row ? { ...row, incident_id: 'k' } : row).toEqual(expected);
    });

    it('loses no increment when many happen at once', async () => {
      const incident_id = freshId();
      await Promise.all(
        Array.from({ length: 20 }, () => update(incident_id, 'ADD #n :one', { '#n': 'n' }, { ':one': 1 })),
      );
      expect((await read(incident_id))?.['n']).toBe(20);
    });
  });
}
