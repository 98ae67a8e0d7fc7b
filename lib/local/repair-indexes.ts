import storage, { type LevelDb, type LevelOperation, type StoredTable } from 'dynalite/db/index.js';

export interface IndexRepair {
  entriesAdded: number;
  entriesRemoved: number;
  tablesActivated: number;
}

/**
 * Makes every index of the embedded database equal to what its items say, after a process was killed.
 *
 * dynalite changes an item in steps, each on disk by itself:
 *
 *     remove old index entries ──▶ put new index entries ──▶ put the item
 *                              ✕ row missing from its index   ✕ entry of a row that never was
 *
 * Both are found by computing the entries each item should have. Memory is bounded by the number of index
 * entries: of what is due or held, and some 500 bytes for each incident and deployment. Run it before dynalite
 * opens the folder.
 */
export async function repairIndexes(db: LevelDb): Promise<IndexRepair> {
  const total: IndexRepair = { entriesAdded: 0, entriesRemoved: 0, tablesActivated: 0 };
  for (const table of await storedTables(db)) {
    const operations = await indexDifferences(db, table);
    const activated = activate(table);
    if (activated) operations.push({ type: 'put', key: `table~${table.TableName}`, value: activated });
    await db.batch(operations);
    total.entriesAdded += operations.filter((o) => o.type === 'put').length - (activated ? 1 : 0);
    total.entriesRemoved += operations.filter((o) => o.type === 'del').length;
    total.tablesActivated += activated ? 1 : 0;
  }
  return total;
}

async function storedTables(db: LevelDb): Promise<StoredTable[]> {
  const tables: StoredTable[] = [];
  for await (const [, table] of under(db, 'table~')) tables.push(table as StoredTable);
  return tables;
}

async function indexDifferences(db: LevelDb, table: StoredTable): Promise<LevelOperation[]> {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (indexes.length === 0) return [];
  const wanted = new Map<string, unknown>();
  for await (const [, item] of under(db, `item-${table.TableName}~`)) {
    const { puts } = storage.getIndexActions(indexes, null, item as Record<string, unknown>, table);
    for (const { index, key, item: entry } of puts) wanted.set(indexPrefix(table, index) + key, entry);
  }
  const operations: LevelOperation[] = [];
  for (const { IndexName } of indexes) {
    for await (const [key, entry] of under(db, indexPrefix(table, IndexName))) {
      if (!wanted.has(key)) operations.push({ type: 'del', key });
      else if (JSON.stringify(wanted.get(key)) === JSON.stringify(entry)) wanted.delete(key);
    }
  }
  for (const [key, value] of wanted) operations.push({ type: 'put', key, value });
  return operations;
}

/** A table whose creation was interrupted would stay CREATING for ever: the step to ACTIVE is a timer. */
function activate(table: StoredTable): StoredTable | undefined {
  if (table.TableStatus !== 'CREATING') return undefined;
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  return { ...table, TableStatus: 'ACTIVE', ...(indexes && { GlobalSecondaryIndexes: indexes }) };
}

const indexPrefix = (table: StoredTable, index: string) => `index-global~${table.TableName}~${index}~`;

/** Keys are plain text and sorted, so everything under a prefix ends before the prefix with a last U+FFFF. */
const under = (db: LevelDb, prefix: string) => db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
