import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Store } from './dynamo.ts';
import { inParallel } from './in-parallel.ts';
import { marshalled, type Row } from './marshalled.ts';
import { get, names } from './request.ts';
import type { TableName } from './table-definitions.ts';

/** DynamoDB takes so many keys at once. */
const keysPerRequest = 100;
const atOnce = 16;

/**
 * Reads the rows of these keys of one attribute, consistently, in the keys' order; those that are there. Only the
 * attributes `project` names (`#a, #b`), the key among them, if it does. What DynamoDB leaves over is read one by one.
 */
export async function getMany(
  store: Store,
  table: TableName,
  key: string,
  ids: readonly string[],
  project?: string,
): Promise<Row[]> {
  const batches: string[][] = [];
  for (let from = 0; from < ids.length; from += keysPerRequest)
    batches.push(ids.slice(from, from + keysPerRequest));
  const found = new Map<string, Row>();
  for (const batch of batches) {
    for (const row of await readBatch(batch)) found.set(String(row[key]), row);
    const left = batch.filter((id) => !found.has(id));
    // Those that are not there as well: few, since their ids come from an index.
    for (const row of await inParallel(left, atOnce, (id) => get(store, table, { [key]: id }, project)))
      if (row) found.set(String(row[key]), row);
  }
  return ids.map((id) => found.get(id)).filter((row) => row !== undefined);

  async function readBatch(batch: readonly string[]): Promise<Row[]> {
    const name = store.table(table);
    const answer = await store.db.send(
      new BatchGetItemCommand({
        RequestItems: {
          [name]: {
            Keys: batch.map((id) => marshalled({ [key]: id })),
            ConsistentRead: true,
            ...(project ? { ProjectionExpression: project, ExpressionAttributeNames: names(project) } : {}),
          },
        },
      }),
    );
    const items: Record<string, never>[] = answer.Responses?.[name] ?? [];
    return items.map((item) => unmarshall(item));
  }
}
