import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Store } from './dynamo.ts';
import type { Row } from './marshalled.ts';
import { names, type Query, values } from './request.ts';
import type { TableName } from './table-definitions.ts';

/** The first rows of a table, in no order, and whether they are all: one request, of 1 MB at most. */
export async function firstRows(
  store: Store,
  table: TableName,
  most: number,
): Promise<{ rows: Row[]; isAll: boolean }> {
  const answer = await store.db.send(new ScanCommand({ TableName: store.table(table), Limit: most }));
  return {
    rows: rowsIn(answer.Items),
    isAll: answer.LastEvaluatedKey === undefined,
  };
}

/** What a query finds, `size` rows at a time: no more is read than is asked for. Eventually consistent. */
export async function* pagesOf(
  store: Store,
  table: TableName,
  wanted: Pick<Query, 'index' | 'keys' | 'values' | 'descending'>,
  size: number,
): AsyncGenerator<Row[]> {
  let from: Record<string, unknown> | undefined;
  do {
    const answer = await store.db.send(
      new QueryCommand({
        TableName: store.table(table),
        ...(wanted.index ? { IndexName: wanted.index } : {}),
        KeyConditionExpression: wanted.keys,
        ExpressionAttributeNames: names(wanted.keys),
        ...values(wanted.values),
        Limit: size,
        ...(wanted.descending ? { ScanIndexForward: false } : {}),
        ...(from ? { ExclusiveStartKey: from as never } : {}),
      }),
    );
    yield rowsIn(answer.Items);
    from = answer.LastEvaluatedKey;
  } while (from);
}

const rowsIn = (items: Record<string, never>[] = []): Row[] => items.map((item) => unmarshall(item));
