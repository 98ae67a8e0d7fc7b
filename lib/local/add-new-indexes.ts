import type { LevelDb, StoredTable } from 'dynalite/db/index.js';
import { tableDefinitions } from '../store/database/table-definitions.ts';
import { attributeDefinitions, indexInput } from './create-tables.ts';

/**
 * Gives tables of the version before the indexes that have come since, still without entries: repairIndexes makes
 * those. Run it before dynalite opens the folder; `true` if there were any.
 */
export async function addNewIndexes(db: LevelDb): Promise<boolean> {
  let added = false;
  for await (const [key, value] of db.iterator({ gte: 'table~', lt: 'table~\uffff' })) {
    const table = value as StoredTable;
    const definition = tableDefinitions.find(({ name }) => table.TableName.endsWith(`-${name}`));
    if (!definition) continue;
    const known = table.GlobalSecondaryIndexes ?? [];
    const missing = definition.indexes.filter(
      ({ name }) => !known.some(({ IndexName }) => IndexName === name),
    );
    if (missing.length === 0) continue;
    const indexes = missing.map((index) => ({ ...indexInput(index), IndexStatus: 'ACTIVE' }));
    await db.batch([
      {
        type: 'put',
        key,
        value: {
          ...table,
          AttributeDefinitions: attributeDefinitions(definition),
          GlobalSecondaryIndexes: [...known, ...indexes],
        },
      },
    ]);
    added = true;
  }
  return added;
}
