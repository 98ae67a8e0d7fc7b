import type { KeyAttribute, TableDefinition } from '../../../lib/store/database/table-definitions.ts';
import { invalid } from './faults.ts';
import { normalizeNumber } from './number.ts';
import { type Item, sizeOfItem, typeOf, type Value } from './value.ts';

const maxItemBytes = 400 * 1024;

/** Brings a value into the form DynamoDB would give back, refusing what DynamoDB refuses. */
export function admitValue(value: Value): Value {
  const type = typeOf(value);
  if (type === 'N') {
    const normal = normalizeNumber(value.N as string);
    if (normal === undefined)
      throw invalid(`The parameter cannot be converted to a numeric value: ${value.N}`);
    return normal === value.N ? value : { N: normal };
  }
  if (type === 'L') return { L: (value.L as Value[]).map(admitValue) };
  if (type === 'M') return { M: admitMap(value.M as Item) };
  if (type === 'SS' || type === 'NS' || type === 'BS') {
    const members = value[type] as unknown[];
    if (members.length === 0) {
      throw invalid('One or more parameter values were invalid: An set may not be empty');
    }
    if (new Set(members.map(String)).size !== members.length) {
      throw invalid('One or more parameter values were invalid: Input collection contains duplicates.');
    }
  }
  return value;
}

export function admitMap(map: Item): Item {
  const result: Item = {};
  for (const name in map) result[name] = admitValue(map[name] as Value);
  return result;
}

export const keyAttributes = (definition: { hash: KeyAttribute; range?: KeyAttribute }): KeyAttribute[] =>
  definition.range ? [definition.hash, definition.range] : [definition.hash];

function checkKeyValue(value: Value | undefined, { attribute, type }: KeyAttribute, what: string): void {
  if (value === undefined) {
    throw invalid(`One or more parameter values were invalid: Missing the key ${attribute} in the item`);
  }
  if (value[type] === undefined) {
    throw invalid(`One or more parameter values were invalid: Type mismatch for ${what} ${attribute}`);
  }
  const limit = what === 'key' ? 2048 : 1024;
  if (value.S === '' || (value.S !== undefined && Buffer.byteLength(value.S) > limit)) {
    throw invalid(
      `One or more parameter values are not valid. A value for ${what} ${attribute} is empty or too long`,
    );
  }
}

/** A `Key` argument: exactly the key attributes, of the right types. */
export function checkKey(key: Item, definition: TableDefinition): void {
  const attributes = keyAttributes(definition);
  if (Object.keys(key).length !== attributes.length || attributes.some(({ attribute }) => !key[attribute])) {
    throw invalid('The provided key element does not match the schema');
  }
  for (const attribute of attributes) {
    if (key[attribute.attribute]?.[attribute.type] === undefined) {
      throw invalid('The provided key element does not match the schema');
    }
    checkKeyValue(key[attribute.attribute], attribute, 'key');
  }
}

/** An item about to be stored: keys present, index keys of their types, 400 KB at most. */
export function checkItem(item: Item, definition: TableDefinition, what: 'put' | 'update'): void {
  for (const key of keyAttributes(definition)) checkKeyValue(item[key.attribute], key, 'key');
  for (const index of definition.indexes) {
    for (const key of [index.hash, index.range]) {
      const value = item[key.attribute];
      if (value !== undefined) checkKeyValue(value, key, `index key`);
    }
  }
  if (sizeOfItem(item) > maxItemBytes) {
    throw invalid(
      what === 'put'
        ? 'Item size has exceeded the maximum allowed size'
        : 'Item size to update has exceeded the maximum allowed size',
    );
  }
}
