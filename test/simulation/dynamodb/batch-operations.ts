import { admitMap, checkItem, checkKey } from './admission.ts';
import type { Database, Input, Output } from './database.ts';
import { invalid } from './faults.ts';
import { getItem } from './item-operations.ts';
import { keyOf } from './table.ts';
import type { Item } from './value.ts';

function refuseDuplicates(identities: string[]): void {
  if (new Set(identities).size !== identities.length) {
    throw invalid('Provided list of item keys contains duplicates');
  }
}

/** Up to 100 keys; any of them may come back unprocessed. */
export function batchGet(database: Database, input: Input): Output {
  const requests = Object.entries(input.RequestItems as Record<string, Input>);
  const total = requests.reduce((sum, [, { Keys }]) => sum + Keys.length, 0);
  if (total === 0 || total > 100) throw invalid('Too many or no items requested for the BatchGetItem call');
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, Input> = {};
  for (const [name, request] of requests) {
    const table = database.table(name);
    for (const key of request.Keys as Item[]) checkKey(key, table.definition);
    refuseDuplicates(request.Keys.map((key: Item) => table.identity(key)));
    const found: Item[] = [];
    responses[name] = found;
    for (const Key of request.Keys as Item[]) {
      if (database.untidiness.unprocessed()) {
        unprocessed[name] ??= { ...request, Keys: [] };
        unprocessed[name].Keys.push(Key);
        continue;
      }
      const { Item } = getItem(database, { ...request, TableName: name, Key }) as { Item?: Item };
      if (Item) found.push(Item);
    }
  }
  return { Responses: responses, UnprocessedKeys: unprocessed };
}

/** Up to 25 unconditional puts and deletes; any of them may come back unprocessed. */
export function batchWrite(database: Database, input: Input): Output {
  const requests = Object.entries(input.RequestItems as Record<string, Input[]>);
  const total = requests.reduce((sum, [, entries]) => sum + entries.length, 0);
  if (total === 0 || total > 25) throw invalid('Too many or no items requested for the BatchWriteItem call');
  const writes: (() => void)[] = [];
  const unprocessed: Record<string, Input[]> = {};
  for (const [name, entries] of requests) {
    const table = database.table(name);
    const identities: string[] = [];
    for (const entry of entries) {
      const item = entry.PutRequest && admitMap(entry.PutRequest.Item);
      if (item) checkItem(item, table.definition, 'put');
      else checkKey(entry.DeleteRequest.Key, table.definition);
      const key = item ? keyOf(item, table) : admitMap(entry.DeleteRequest.Key);
      identities.push(table.identity(key));
      writes.push(() => {
        if (!database.untidiness.unprocessed()) {
          database.write(table, key, item);
          return;
        }
        unprocessed[name] ??= [];
        unprocessed[name].push(entry);
      });
    }
    refuseDuplicates(identities);
  }
  for (const write of writes) write();
  return { UnprocessedItems: unprocessed };
}
