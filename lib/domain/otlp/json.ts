import { type AttributeName, type Attributes, isRead } from './attributes.ts';

/** One of them is in an export: which depends on its path. */
const signals = ['resourceSpans', 'resourceMetrics', 'resourceLogs'];

type Fields = Record<string, unknown>;

/** The attributes of each resource. Throws for what is not JSON, or not shaped as OTLP's. */
export function resourcesInJson(text: string): Attributes[] {
  const top = fields(JSON.parse(text), 'The body');
  return signals.flatMap((signal) =>
    list(top[signal], signal).map((part) => attributesOf(fields(part, `An item of ${signal}`))),
  );
}

function attributesOf({ resource }: Fields): Attributes {
  const attributes = new Map<AttributeName, string>();
  if (resource === undefined || resource === null) return attributes;
  for (const attribute of list(fields(resource, 'resource')['attributes'], 'resource.attributes')) {
    const { key, value } = fields(attribute, 'An item of resource.attributes');
    const text = textOf(value);
    if (typeof key === 'string' && isRead(key) && text !== undefined) attributes.set(key, text);
  }
  return attributes;
}

/** Text as it is, a whole number in digits: protobuf's JSON writes 64 bits as text, and some write a number. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { stringValue, intValue } = value as Fields;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof intValue === 'string') return intValue;
  return Number.isSafeInteger(intValue) ? String(intValue) : undefined;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} is no object.`);
  }
  return value as Fields;
}

/** In protobuf's JSON an absent list and `null` are an empty one. */
function list(value: unknown, what: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${what} is no list.`);
  return value;
}
