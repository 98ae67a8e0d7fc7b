import { items, member, readText } from './loose.ts';
import { storableWithin } from './storable.ts';

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
