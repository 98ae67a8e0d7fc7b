import type { Store } from '../../../lib/store/database/dynamo.ts';
import { getMany } from '../../../lib/store/database/get-many.ts';
import { putNew } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';

/** A table of 230 rows in a database that leaves as much of a batch undone as it is told to. */
async function database(unprocessed = () => false) {
  const requests: string[] = [];
  const db = createMemoryDynamoDb(tableDefinitions, (name) => name, { unprocessed });
  const store: Store = {
    table: (name) => name,
    db: {
      send: (command) => {
        requests.push(command.constructor.name);
        return db.send(command);
      },
    },
  };
  for (let n = 0; n < 230; n++)
    await putNew(store, 'incidents', { incident_id: `Q${n}`, number: n, title: 'x' }, 'incident_id');
  requests.length = 0;
  return { store, requests };
}

const ids = Array.from({ length: 230 }, (_, index) => `Q${229 - index}`);

describe('many rows', () => {
  it('are read a hundred at once, in the order of the keys', async () => {
    const { store, requests } = await database();
    const rows = await getMany(store, 'incidents', 'incident_id', ids);
    expect(rows.map(({ incident_id }) => incident_id)).toEqual(ids);
    expect(rows[0]).toEqual({ incident_id: 'Q229', number: 229, title: 'x' });
    expect(requests).toEqual(Array(3).fill('BatchGetItemCommand'));
  });

  it('are those that are there, with the attributes that were asked for', async () => {
    const { store } = await database();
    const rows = await getMany(
      store,
      'incidents',
      'incident_id',
      ['Q7', 'gone', 'Q8'],
      '#incident_id, #number',
    );
    expect(rows).toEqual([
      { incident_id: 'Q7', number: 7 },
      { incident_id: 'Q8', number: 8 },
    ]);
    expect(await getMany(store, 'incidents', 'incident_id', [])).toEqual([]);
  });

  it('are all there, although the database leaves some of them undone', async () => {
    let count = 0;
    const { store, requests } = await database(() => ++count % 3 === 0);
    const rows = await getMany(store, 'incidents', 'incident_id', ids);
    expect(rows.map(({ incident_id }) => incident_id)).toEqual(ids);
    expect(requests.filter((name) => name === 'GetItemCommand').length).toBeGreaterThan(50);
  });
});
