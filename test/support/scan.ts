import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import type { TableName } from '../../lib/store/database/table-definitions.ts';

/** Every row of a table. */
export async function scan(store: Store, table: TableName): Promise<Row[]> {
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const answer = await store.db.send(
      new ScanCommand({
        TableName: store.table(table),
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from as never } : {}),
      }),
    );
    for (const item of answer.Items ?? []) rows.push(unmarshall(item));
    from = answer.LastEvaluatedKey;
  } while (from);
  return rows;
}
