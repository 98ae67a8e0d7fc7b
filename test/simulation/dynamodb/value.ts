import { compareNumbers } from './number.ts';

/** An attribute value as it travels: exactly one of the members is set. */
export interface Value {
  S?: string;
  N?: string;
  B?: Uint8Array;
  BOOL?: boolean;
  NULL?: boolean;
  L?: Value[];
  M?: Record<string, Value>;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
}
export type Item = Record<string, Value>;
export type ValueType = keyof Value;

export function typeOf(value: Value): ValueType {
  for (const type in value) return type as ValueType;
  throw new TypeError('an attribute value without a type');
}

const surrogate = /[\ud800-\udfff]/;

/** Strings sort by their UTF-8 bytes, which differs from JavaScript's order only beyond the basic plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Order of two scalars of one type; undefined where DynamoDB has no order between them. */
export function compareValues(a: Value, b: Value): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareStrings(a.S, b.S);
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && [...a].sort().every((entry, at) => entry === [...b].sort()[at]);

const encoded = (set: readonly Uint8Array[]) => set.map((bytes) => Buffer.from(bytes).toString('base64'));

export function equalValues(a: Value, b: Value): boolean {
  if (a.S !== undefined) return a.S === b.S;
  if (a.N !== undefined) return b.N !== undefined && compareNumbers(a.N, b.N) === 0;
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL;
  if (a.NULL !== undefined) return b.NULL !== undefined;
  if (a.B !== undefined) return b.B !== undefined && Buffer.compare(a.B, b.B) === 0;
  if (a.SS !== undefined) return b.SS !== undefined && sameSet(a.SS, b.SS);
  if (a.NS !== undefined) return b.NS !== undefined && sameSet(a.NS, b.NS);
  if (a.BS !== undefined) return b.BS !== undefined && sameSet(encoded(a.BS), encoded(b.BS));
  if (a.L !== undefined) {
    const other = b.L;
    if (other?.length !== a.L.length) return false;
    return a.L.every((entry, at) => equalValues(entry, other[at] as Value));
  }
  const left = a.M ?? {};
  const right = b.M;
  if (!right || Object.keys(left).length !== Object.keys(right).length) return false;
  return Object.entries(left).every(([name, entry]) => {
    const other = right[name];
    return other !== undefined && equalValues(entry, other);
  });
}

/** Bytes that count towards the 400 KB of an item and towards capacity units. */
export function sizeOfValue(value: Value): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.SS !== undefined) return value.SS.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
  if (value.NS !== undefined) return value.NS.reduce((sum, N) => sum + sizeOfValue({ N }), 0);
  if (value.BS !== undefined) return value.BS.reduce((sum, entry) => sum + entry.byteLength, 0);
  if (value.L !== undefined) return value.L.reduce((sum, entry) => sum + 1 + sizeOfValue(entry), 3);
  return Object.entries(value.M ?? {}).reduce(
    (sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + sizeOfValue(entry),
    3,
  );
}

export function sizeOfItem(item: Item): number {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + sizeOfValue(item[name] as Value);
  return size;
}
