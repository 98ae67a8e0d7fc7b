import { wellFormed } from '../text/well-formed.ts';
import { items, member, readText } from './loose.ts';

/** A field and its new value; null means that it was cleared. */
export interface CustomField {
  name: string;
  value: unknown;
}

/** Reads `custom_fields[]`. Values of any kind pass, changed only where DynamoDB could not hold them. */
export function readCustomFields(value: unknown): CustomField[] {
  const fields: CustomField[] = [];
  for (const item of (items(value) ?? []).slice(0, mostFields)) {
    const name = readText(member(item, 'name'), 128)?.trim() ?? readText(member(item, 'id'), 128);
    // Assigning to a key called __proto__ would change the object instead of adding to it.
    if (name === undefined || name === '__proto__') continue;
    fields.push({ name, value: storable(member(item, 'value') ?? null) });
  }
  return fields;
}

/** More of them in one event are passed over: an incident has some ten, and every one is looked at in every fold. */
const mostFields = 200;

/** A value longer than this in JSON is shown by its beginning. */
const valueLimit = 1000;

function storable(value: unknown): unknown {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    // The parser takes deeper nesting than the writer.
    return '(nested too deeply)';
  }
  if (json.length > valueLimit) return readText(typeof value === 'string' ? value : json, valueLimit) ?? null;
  return storableWithin(value, 5);
}

/** DynamoDB nests 32 levels deep and its client refuses numbers beyond 2^53: both are written as text instead. */
function storableWithin(value: unknown, levels: number): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number') return storableNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return wellFormed(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => storableWithin(item, levels - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, item]) => [wellFormed(key), storableWithin(item, levels - 1)]),
  );
}

function storableNumber(value: number): unknown {
  const size = Math.abs(value);
  if (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-100)) return String(value);
  // Negative zero does not survive being written down.
  return value === 0 ? 0 : value;
}
