import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { conditionFailed } from './condition-failed.ts';
import type { Store } from './dynamo.ts';
import { marshalled, type Row } from './marshalled.ts';
import type { TableName } from './table-definitions.ts';

/** Every `#name` in the expressions stands for the attribute `name`, so no reserved word can bite. */
export function names(...expressions: (string | undefined)[]): Record<string, string> | undefined {
  let place = combinations;
  for (const expression of expressions) {
    if (expression === undefined) continue;
    let next = place.further.get(expression);
    if (!next) {
      const aliases = expression.match(/#\w+/g) ?? [];
      const own = Object.fromEntries(aliases.map((alias) => [alias, alias.slice(1)]));
      next = { names: aliases.length > 0 ? { ...place.names, ...own } : place.names, further: new Map() };
      place.further.set(expression, next);
    }
    place = next;
  }
  return place.names;
}

interface Combination {
  names: Record<string, string> | undefined;
  further: Map<string, Combination>;
}

/** The code has some fifty expressions, in few combinations; each is looked through once. */
const combinations: Combination = { names: undefined, further: new Map() };

export function values(given: Row): { ExpressionAttributeValues?: ReturnType<typeof marshalled> } {
  const bound: Row = {};
  let any = false;
  for (const name in given) {
    bound[`:${name}`] = given[name];
    any = true;
  }
  return any ? { ExpressionAttributeValues: marshalled(bound) } : {};
}

/** Reads one row, consistently; only the attributes `project` names (`#a, #b`), if it does. */
export async function get(
  store: Store,
  table: TableName,
  key: Row,
  project?: string,
): Promise<Row | undefined> {
  const answer = await store.db.send(
    new GetItemCommand({
      TableName: store.table(table),
      Key: marshalled(key),
      ConsistentRead: true,
      ...(project ? { ProjectionExpression: project, ExpressionAttributeNames: names(project) } : {}),
    }),
  );
  return answer.Item ? unmarshall(answer.Item) : undefined;
}

/** Writes a row that must not exist yet; `false` when it did. */
export async function putNew(
  store: Store,
  table: TableName,
  row: Row,
  keyAttribute: string,
): Promise<boolean> {
  try {
    await store.db.send(
      new PutItemCommand({
        TableName: store.table(table),
        Item: marshalled(row),
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': keyAttribute },
      }),
    );
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}

export interface Update {
  /** Attributes to set; an undefined value removes the attribute. */
  set?: Row;
  remove?: readonly string[];
  /** Numbers to add, sets to extend. */
  add?: Row;
  /** A condition written with `#attribute` and `:value`. */
  when?: string;
  values?: Row;
}

/** Changes one row; the whole new row, or undefined when the condition was not met. */
export async function update(
  store: Store,
  table: TableName,
  key: Row,
  change: Update,
): Promise<Row | undefined> {
  const set = Object.entries(change.set ?? {}).filter(([, value]) => value !== undefined);
  const unset = Object.entries(change.set ?? {}).filter(([, value]) => value === undefined);
  const remove = [...(change.remove ?? []), ...unset.map(([name]) => name)];
  const add = Object.entries(change.add ?? {});
  const clauses = [
    set.length ? `SET ${set.map(([name]) => `#${name} = :set_${name}`).join(', ')}` : '',
    remove.length ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
    add.length ? `ADD ${add.map(([name]) => `#${name} :add_${name}`).join(', ')}` : '',
  ].filter((clause) => clause !== '');
  const expression = clauses.join(' ');
  const given: Row = { ...change.values };
  for (const [name, value] of set) given[`set_${name}`] = value;
  for (const [name, value] of add) given[`add_${name}`] = value;
  try {
    const answer = await store.db.send(
      new UpdateItemCommand({
        TableName: store.table(table),
        Key: marshalled(key),
        UpdateExpression: expression,
        ...(change.when ? { ConditionExpression: change.when } : {}),
        ExpressionAttributeNames: names(expression, change.when),
        ...values(given),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return unmarshall(answer.Attributes ?? {});
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
}

export async function remove(store: Store, table: TableName, key: Row): Promise<void> {
  await store.db.send(new DeleteItemCommand({ TableName: store.table(table), Key: marshalled(key) }));
}

/** Removes a row if the condition, written with `#attribute`, is met; `false` when it is not. */
export async function removeIf(store: Store, table: TableName, key: Row, when: string): Promise<boolean> {
  try {
    await store.db.send(
      new DeleteItemCommand({
        TableName: store.table(table),
        Key: marshalled(key),
        ConditionExpression: when,
        ExpressionAttributeNames: names(when),
      }),
    );
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}

export interface Query {
  index?: string;
  /** Key condition written with `#attribute` and `:value`. */
  keys: string;
  values: Row;
  filter?: string;
  /** Attributes to read, `#a, #b`; all when missing. */
  project?: string;
  /** At most this many rows; without it, every page is read to the last. */
  limit?: number;
  descending?: boolean;
}

/** Reads rows in key order: consistently from a table, eventually from an index. */
export async function query(store: Store, table: TableName, wanted: Query): Promise<Row[]> {
  return queryAs(store, table, wanted, (row) => row);
}

/** The same, keeping of each row only what `keep` makes of it: a page's rows are let go with the page. */
export async function queryAs<T>(
  store: Store,
  table: TableName,
  wanted: Query,
  keep: (row: Row) => T,
): Promise<T[]> {
  const kept: T[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const answer = await store.db.send(
      new QueryCommand({
        TableName: store.table(table),
        ...(wanted.index ? { IndexName: wanted.index } : { ConsistentRead: true }),
        KeyConditionExpression: wanted.keys,
        ...(wanted.filter ? { FilterExpression: wanted.filter } : {}),
        ...(wanted.project ? { ProjectionExpression: wanted.project } : {}),
        ExpressionAttributeNames: names(wanted.keys, wanted.filter, wanted.project),
        ...values(wanted.values),
        ...(wanted.limit ? { Limit: wanted.limit - kept.length } : {}),
        ...(wanted.descending ? { ScanIndexForward: false } : {}),
        ...(from ? { ExclusiveStartKey: from as never } : {}),
      }),
    );
    for (const item of answer.Items ?? []) kept.push(keep(unmarshall(item)));
    from = answer.LastEvaluatedKey;
  } while (from && (!wanted.limit || kept.length < wanted.limit));
  return kept;
}

/**
 * A whole table, eventually consistent, in no order; for small tables and the command line. Read page by page, so it
 * takes memory only for what the caller keeps.
 */
export async function* eachRow(
  store: Store,
  table: TableName,
  wanted: { filter?: string; values?: Row; project?: string } = {},
): AsyncGenerator<Row> {
  let from: Record<string, unknown> | undefined;
  do {
    const answer = await store.db.send(
      new ScanCommand({
        TableName: store.table(table),
        ...(wanted.filter ? { FilterExpression: wanted.filter } : {}),
        ...(wanted.project ? { ProjectionExpression: wanted.project } : {}),
        ExpressionAttributeNames: names(wanted.filter, wanted.project),
        ...values(wanted.values ?? {}),
        ...(from ? { ExclusiveStartKey: from as never } : {}),
      }),
    );
    for (const item of answer.Items ?? []) yield unmarshall(item);
    from = answer.LastEvaluatedKey;
  } while (from);
}

export async function scan(
  store: Store,
  table: TableName,
  wanted: { filter?: string; values?: Row; project?: string } = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of eachRow(store, table, wanted)) rows.push(row);
  return rows;
}
