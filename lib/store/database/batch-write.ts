import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports.ts';
import type { Store } from './dynamo.ts';
import { inParallel } from './in-parallel.ts';
import { marshalled, type Row } from './marshalled.ts';
import type { TableName } from './table-definitions.ts';

const itemsPerRequest = 25;
const requestsAtOnce = 8;
const attempts = 12;

export type Write = { put: Row } | { delete: Row };

/**
 * Writes many rows in no particular order; the keys must differ. What DynamoDB hands back as unprocessed is sent
 * again with growing pauses, and when that does not help either the whole write has failed.
 */
export async function batchWrite(store: Store, clock: Clock, table: TableName, writes: readonly Write[]) {
  const batches: Write[][] = [];
  for (let at = 0; at < writes.length; at += itemsPerRequest) {
    batches.push(writes.slice(at, at + itemsPerRequest));
  }
  await inParallel(batches, requestsAtOnce, (batch) => writeBatch(store, clock, table, batch));
}

async function writeBatch(store: Store, clock: Clock, table: TableName, batch: readonly Write[]) {
  const name = store.table(table);
  let open: unknown[] = batch.map(toRequest);
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt === attempts) {
      throw new Error(
        `DynamoDB left ${open.length} writes to table ${name} undone ${attempts} times in a row; try again later.`,
      );
    }
    if (attempt > 0) await clock.sleep(Math.min(50 * 2 ** attempt, 5_000));
    const answer = await store.db.send(
      new BatchWriteItemCommand({ RequestItems: { [name]: open as never } }),
    );
    open = answer.UnprocessedItems?.[name] ?? [];
  }
}

function toRequest(write: Write) {
  return 'put' in write
    ? { PutRequest: { Item: marshalled(write.put) } }
    : { DeleteRequest: { Key: marshalled(write.delete) } };
}
