import { marshall } from '@aws-sdk/util-dynamodb';

/** A row as it is in DynamoDB, unmarshalled: numbers, strings, lists, maps, string sets as `Set`. */
export type Row = Record<string, unknown>;

/**
 * A row as DynamoDB takes it; what is undefined is left out. The SDK tells objects apart by the name of their
 * `constructor`, which a key from outside may be called too (a custom field, an event type): a row that holds such a
 * key goes to it in Maps.
 */
export function marshalled(row: Row) {
  const safe = Object.values(row).some(holdsConstructor) ? mapped(row) : row;
  return marshall(safe, { removeUndefinedValues: true });
}

const mapped = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asMaps(value)]));

function holdsConstructor(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, 'constructor')) return true;
  return Object.values(value).some(holdsConstructor);
}

function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps);
  if (!isPlain(value)) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, asMaps(inner)]));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
