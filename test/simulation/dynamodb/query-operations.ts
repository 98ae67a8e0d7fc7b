import { checkKey, keyAttributes } from './admission.ts';
import { readCapacity } from './capacity.ts';
import { parseCondition } from './condition.ts';
import type { Database, Input, Output } from './database.ts';
import { invalid } from './faults.ts';
import { visible } from './item-operations.ts';
import { keyRange, parseKeyCondition } from './key-condition.ts';
import { checkMentions } from './mentions.ts';
import { parseProjection, project } from './projection.ts';
import type { SecondaryIndex } from './secondary-index.ts';
import { type Entry, findEntry, lowerBound } from './sorted-entries.ts';
import type { Table } from './table.ts';
import { type Item, sizeOfItem } from './value.ts';

const pageBytes = 1024 * 1024;

function indexOf(table: Table, input: Input): SecondaryIndex | undefined {
  if (input.IndexName === undefined) return undefined;
  const index = table.indexes.get(input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (input.ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
  return index;
}

/** The attributes of a start key, and of a last evaluated key. */
function cursorAttributes(table: Table, index: SecondaryIndex | undefined): string[] {
  const own = keyAttributes(table.definition);
  const extra = index ? [index.definition.hash, index.definition.range] : [];
  return [...new Set([...own, ...extra].map(({ attribute }) => attribute))];
}

const cursorOf = (item: Item, attributes: string[]): Item =>
  Object.fromEntries(attributes.map((name) => [name, item[name] as Item[string]]));

/** Walks entries in order from after the start key and cuts pages as DynamoDB does. */
function page(
  database: Database,
  input: Input,
  table: Table,
  index: SecondaryIndex | undefined,
  entries: Iterable<Entry>,
): Output {
  if (input.Limit !== undefined && input.Limit < 1) throw invalid('Limit must be greater than or equal to 1');
  const names = input.ExpressionAttributeNames ?? {};
  const values = input.ExpressionAttributeValues ?? {};
  const filter = input.FilterExpression && parseCondition(input.FilterExpression);
  const projection = input.ProjectionExpression && parseProjection(input.ProjectionExpression);
  const consistent = index === undefined && input.ConsistentRead === true;
  const most = Math.min(
    input.Limit ?? Number.POSITIVE_INFINITY,
    database.untidiness.pageItems() ?? Number.POSITIVE_INFINITY,
  );
  const read: Item[] = [];
  const found: Item[] = [];
  let bytes = 0;
  let last: Item | undefined;
  for (const entry of entries) {
    const item = index ? entry.item : visible(entry, database, consistent);
    if (!item) continue;
    read.push(item);
    // Three items at least make a megabyte; measuring them is left until there are so many.
    if (read.length === 3) bytes = read.reduce((sum, each) => sum + sizeOfItem(each), 0);
    else if (read.length > 3) bytes += sizeOfItem(item);
    if (!filter || filter.test({ item, names, values })) found.push(item);
    if (read.length >= most || bytes >= pageBytes) {
      last = item;
      break;
    }
  }
  const items = projection
    ? found.map((item) => project(item, projection, names))
    : found.map((item) => ({ ...item }));
  return {
    ...(input.Select !== 'COUNT' && { Items: items }),
    Count: found.length,
    ScannedCount: read.length,
    ...(last && { LastEvaluatedKey: cursorOf(last, cursorAttributes(table, index)) }),
    ...readCapacity(input, read, consistent),
  };
}

function* walk(
  entries: Entry[],
  from: number,
  forward: boolean,
  take: (entry: Entry) => boolean,
): Generator<Entry> {
  const step = forward ? 1 : -1;
  for (let at = from; at >= 0 && at < entries.length; at += step) {
    const entry = entries[at] as Entry;
    if (take(entry)) yield entry;
  }
}

export function queryItems(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  const index = indexOf(table, input);
  if (!input.KeyConditionExpression) {
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const parsed = parseKeyCondition(input.KeyConditionExpression);
  const filter = input.FilterExpression && parseCondition(input.FilterExpression);
  checkMentions(
    [parsed, filter, input.ProjectionExpression && parseProjection(input.ProjectionExpression)],
    input,
  );
  const schema = index?.definition ?? table.definition;
  const keys = { hash: schema.hash.attribute, ...(schema.range && { range: schema.range.attribute }) };
  const range = keyRange(
    parsed,
    keys,
    input.ExpressionAttributeNames ?? {},
    input.ExpressionAttributeValues ?? {},
  );
  const entries = index
    ? index.partition(range.hash, database.untidiness.now())
    : table.partition(range.hash);
  const forward = input.ScanIndexForward !== false;
  let from = forward ? 0 : entries.length - 1;
  if (input.ExclusiveStartKey) {
    const start = checkedCursor(input.ExclusiveStartKey, table, index);
    const sort = keys.range ? start[keys.range] : undefined;
    const tie = index ? table.identity(start) : '';
    const at = lowerBound(entries, sort, tie);
    const present = findEntry(entries, sort, tie) !== undefined;
    from = forward ? (present ? at + 1 : at) : at - 1;
  }
  // Most that is asked for is not there: `sweep` asks each shard each minute.
  const sorted =
    entries.length === 0
      ? entries
      : walk(entries, from, forward, (entry) => !entry.sort || range.includes(entry.sort));
  return page(database, input, table, index, sorted);
}

function checkedCursor(start: Item, table: Table, index: SecondaryIndex | undefined): Item {
  const attributes = cursorAttributes(table, index);
  if (Object.keys(start).length !== attributes.length || attributes.some((name) => !start[name])) {
    throw invalid('The provided starting key is invalid');
  }
  checkKey(
    Object.fromEntries(
      keyAttributes(table.definition).map(({ attribute }) => [attribute, start[attribute] as Item[string]]),
    ),
    table.definition,
  );
  return start;
}

export function scanItems(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  const index = indexOf(table, input);
  const filter = input.FilterExpression && parseCondition(input.FilterExpression);
  checkMentions([filter, input.ProjectionExpression && parseProjection(input.ProjectionExpression)], input);
  let entries = index ? index.everything(database.untidiness.now()) : [...table.partitions()].flat();
  if (input.TotalSegments !== undefined) {
    entries = entries.filter(
      (entry) => segmentOf(table.identity(entry.item), input.TotalSegments) === input.Segment,
    );
  }
  // Scan order is arbitrary but steady: by identity, so that a start key is a place even if its item is gone.
  const placed = entries
    .map((entry) => ({ entry, place: table.identity(entry.item) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const start =
    input.ExclusiveStartKey && table.identity(checkedCursor(input.ExclusiveStartKey, table, index));
  const rest = start === undefined ? placed : placed.filter(({ place }) => place > start);
  return page(
    database,
    input,
    table,
    index,
    rest.map(({ entry }) => entry),
  );
}

function segmentOf(identity: string, segments: number): number {
  let sum = 0;
  for (let at = 0; at < identity.length; at += 1) sum = (sum * 31 + identity.charCodeAt(at)) >>> 0;
  return sum % segments;
}
