import { admitMap, checkItem, checkKey, keyAttributes } from './admission.ts';
import { readCapacity, writeCapacity } from './capacity.ts';
import { parseCondition } from './condition.ts';
import type { Database, Input, Output } from './database.ts';
import { conditionFailed } from './faults.ts';
import { checkMentions } from './mentions.ts';
import { noMentions } from './path.ts';
import { parseProjection, project } from './projection.ts';
import type { Entry } from './sorted-entries.ts';
import type { Table } from './table.ts';
import { keyOf } from './table.ts';
import { applyUpdate, type ParsedUpdate, parseUpdate } from './update.ts';
import type { Item } from './value.ts';

/** The item an eventually consistent read sees when it is served from a copy that lags. */
export function visible(entry: Entry | undefined, database: Database, consistent: boolean): Item | undefined {
  if (!entry || consistent) return entry?.item;
  const { now, readLag } = database.untidiness;
  return entry.changedAt > now() - readLag() ? entry.before : entry.item;
}

export function getItem(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  const names = input.ExpressionAttributeNames ?? {};
  const projection = input.ProjectionExpression && parseProjection(input.ProjectionExpression);
  checkMentions([projection], input);
  checkKey(input.Key, table.definition);
  const consistent = input.ConsistentRead === true;
  const item = visible(table.find(admitMap(input.Key)), database, consistent);
  return {
    ...(item && { Item: projection ? project(item, projection, names) : { ...item } }),
    ...readCapacity(input, item ? [item] : [], consistent),
  };
}

/** Checks the condition and stores the new item; what every single-item write shares. */
function change(
  database: Database,
  table: Table,
  input: Input,
  key: Item,
  next: (old: Item | undefined) => Item | undefined,
): { old: Item | undefined; item: Item | undefined; output: Output } {
  const old = table.find(key)?.item;
  const condition = input.ConditionExpression && parseCondition(input.ConditionExpression);
  const scope = {
    item: old ?? {},
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
  if (condition && !condition.test(scope)) throw conditionFailed();
  const item = next(old);
  const indexUnits = database.write(table, key, item);
  return { old, item, output: writeCapacity(input, [old, item], indexUnits) };
}

export function putItem(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  checkMentions([input.ConditionExpression && parseCondition(input.ConditionExpression)], input);
  const item = admitMap(input.Item);
  checkItem(item, table.definition, 'put');
  const { old, output } = change(database, table, input, keyOf(item, table), () => item);
  return { ...output, ...(input.ReturnValues === 'ALL_OLD' && old && { Attributes: old }) };
}

export function deleteItem(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  checkMentions([input.ConditionExpression && parseCondition(input.ConditionExpression)], input);
  checkKey(input.Key, table.definition);
  const { old, output } = change(database, table, input, admitMap(input.Key), () => undefined);
  return { ...output, ...(input.ReturnValues === 'ALL_OLD' && old && { Attributes: old }) };
}

export function updateItem(database: Database, input: Input): Output {
  const table = database.table(input.TableName);
  const update = input.UpdateExpression && parseUpdate(input.UpdateExpression);
  checkMentions([update, input.ConditionExpression && parseCondition(input.ConditionExpression)], input);
  checkKey(input.Key, table.definition);
  const key = admitMap(input.Key);
  const names = input.ExpressionAttributeNames ?? {};
  const values = admitMap(input.ExpressionAttributeValues ?? {});
  const keys = keyAttributes(table.definition).map(({ attribute }) => attribute);
  const { old, item, output } = change(database, table, input, key, (before) => {
    const start = before ?? { ...key };
    const after = update ? applyUpdate(update, { item: start, names, values }, keys) : start;
    checkItem(after, table.definition, 'update');
    return after;
  });
  return { ...output, ...returned(input, update || undefined, old, item ?? {}) };
}

function returned(input: Input, update: ParsedUpdate | undefined, old: Item | undefined, item: Item): Output {
  const kind = input.ReturnValues;
  if (kind === 'ALL_NEW') return { Attributes: item };
  if (kind === 'ALL_OLD') return old ? { Attributes: old } : {};
  if (kind !== 'UPDATED_NEW' && kind !== 'UPDATED_OLD') return {};
  const paths = update?.actions.map(({ path }) => path) ?? [];
  const side = kind === 'UPDATED_NEW' ? item : (old ?? {});
  const attributes = project(side, { paths, mentions: noMentions() }, input.ExpressionAttributeNames ?? {});
  return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
}
