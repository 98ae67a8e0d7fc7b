import { setTimeout as wait } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import storage, { type LevelDb } from 'dynalite/db/index.js';
import { createTables } from '../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/embedded-dynamodb.ts';
import { repairIndexes } from '../../lib/local/repair-indexes.ts';
import { bundled } from './child-process.ts';
import { localClient } from './local-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hammerDatabase = await bundled('test/local/processes/hammer-database.ts');

const entries = async (db: LevelDb, prefix: string) => {
  const found: Record<string, unknown> = {};
  for await (const [key, value] of db.iterator({ gte: prefix, lt: `${prefix}\uffff` })) found[key] = value;
  return found;
};

const put = (key: string, value: unknown) => ({ type: 'put' as const, key, value });
const due = (n: number, at: string) => ({
  incident_id: { S: `Q${n}` },
  log_key: { S: 'k' },
  due_shard: { S: '0' },
  due_at: { S: at },
});
const table = {
  TableName: 't',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: ['incident_id', 'log_key', 'due_shard', 'due_at'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: 'incident_id', KeyType: 'HASH' },
    { AttributeName: 'log_key', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      IndexStatus: 'ACTIVE',
      KeySchema: [
        { AttributeName: 'due_shard', KeyType: 'HASH' },
        { AttributeName: 'due_at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};
/** The entry dynalite itself would write for this row: key and value. */
function entryOf(item: ReturnType<typeof due>): [string, unknown] {
  const [entry] = storage.getIndexActions(table.GlobalSecondaryIndexes, null, item, table).puts;
  return [`index-global~t~due~${entry?.key}`, { ...entry?.item }];
}

describe('the repair of indexes', () => {
  let db: LevelDb;
  beforeEach(async () => {
    db = storage.create({ path: temporaryFolder() }).db;
    await db.open();
    await db.batch([put('table~t', table)]);
  });
  afterEach(() => db.close());

  it('puts back the entry of a row that lost it', async () => {
    await db.batch([put('item-t~1', due(1, 'a'))]);
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 1, entriesRemoved: 0, tablesActivated: 0 });
    expect(await entries(db, 'index-')).toEqual(Object.fromEntries([entryOf(due(1, 'a'))]));
  });

  it('removes the entry of a row that was never written', async () => {
    await db.batch([put(...entryOf(due(1, 'a')))]);
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 0, entriesRemoved: 1, tablesActivated: 0 });
    expect(await entries(db, 'index-')).toEqual({});
  });

  it('replaces the entry of a change that did not reach the row', async () => {
    await db.batch([put('item-t~1', due(1, 'a')), put(...entryOf(due(1, 'b')))]);
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 1, entriesRemoved: 1, tablesActivated: 0 });
    expect(await entries(db, 'index-')).toEqual(Object.fromEntries([entryOf(due(1, 'a'))]));
  });

  it('corrects an entry whose projected attributes are not the row’s', async () => {
    await db.batch([put('item-t~1', due(1, 'a')), put(entryOf(due(1, 'a'))[0], { wrong: { S: 'x' } })]);
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 1, entriesRemoved: 0, tablesActivated: 0 });
    expect(await entries(db, 'index-')).toEqual(Object.fromEntries([entryOf(due(1, 'a'))]));
  });

  it('leaves right entries, settled rows and other tables alone', async () => {
    const settled = { incident_id: { S: 'Q2' }, log_key: { S: 'k' } };
    await db.batch([
      put('item-t~1', due(1, 'a')),
      put(...entryOf(due(1, 'a'))),
      put('item-t~2', settled),
      put('item-t2~1', due(3, 'a')),
    ]);
    const before = await entries(db, '');
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 0, entriesRemoved: 0, tablesActivated: 0 });
    expect(await entries(db, '')).toEqual(before);
  });

  it('activates a table whose creation was interrupted', async () => {
    const creating = (status: string) => ({
      ...table,
      TableStatus: status,
      GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((index) => ({
        ...index,
        IndexStatus: status,
      })),
    });
    await db.batch([put('table~t', creating('CREATING'))]);
    expect(await repairIndexes(db)).toEqual({ entriesAdded: 0, entriesRemoved: 0, tablesActivated: 1 });
    expect(await entries(db, 'table~')).toEqual({ 'table~t': creating('ACTIVE') });
  });
});

describe('a database killed while it writes', () => {
  it('has, after the next start, every acknowledged write and indexes that agree with the rows', async () => {
    const dataDir = temporaryFolder();
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const child = hammerDatabase([dataDir, String(round)]);
      // Killed at another moment each time, but never before it has written something.
      while (child.lines.length < 20 * (round + 1)) await wait(20);
      await wait(40 * round);
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      acknowledged.push(...child.lines);
    }

    const database = await startEmbeddedDynamoDb({ dataDir, port: 0 });
    expect(database.repaired).toBeDefined();
    const db = localClient(database.endpoint);
    await createTables(db, 'killed-');
    const all = async (IndexName?: string) => {
      const { Items } = await db.send(
        new ScanCommand({ TableName: 'killed-events', ...(IndexName && { IndexName }) }),
      );
      return (Items ?? []).map(
        (item) => ({ ...item, id: `${item['incident_id']?.S} ${item['log_key']?.S}` }) as Row,
      );
    };
    const rows = await all();
    expect((await all('due')).map(position).sort()).toEqual(
      rows
        .filter((row) => row.due_shard)
        .map(position)
        .sort(),
    );

    const steps = new Map(rows.map((row) => [row.id, Number(row.step?.N)]));
    const promised = new Map<string, number>();
    for (const line of acknowledged) {
      const [verb, incident, log, step] = line.split(' ');
      if (verb === 'put') promised.set(`${incident} ${log}`, Number(step));
      if (verb === 'del') promised.set(`${incident} ${log}`, 0);
    }
    expect(promised.size).toBeGreaterThan(20);
    // A deletion that was under way may have been done; a write may be further than what was acknowledged.
    const lost = [...promised].filter(
      ([id, step]) => step > 0 && (steps.get(id) ?? (step === 2 && deletedNext(id) ? 2 : 0)) < step,
    );
    expect(lost).toEqual([]);
    expect([...promised].filter(([id, step]) => step === 0 && steps.has(id))).toEqual([]);
    await database.close();
  });
});

interface Row {
  id: string;
  due_shard?: { S: string };
  due_at?: { S: string };
  step?: { N: string };
}
const position = (row: Row) => `${row.due_shard?.S} ${row.due_at?.S} ${row.id}`;
const deletedNext = (id: string) => Number(id.split('k')[1]) % 3 === 0;
