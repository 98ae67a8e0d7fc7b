/** Attributes that mean something to the bridge only. */
const internal = new Set(['fold', 'fold_version', 'epoch', 'wakes', 'woken']);

/** A row as JSON: sets become lists, bytes base64; the bridge's own bookkeeping is left out. */
export function plain(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row).filter(([name]) => !internal.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (value instanceof Set) return [...value].map(plainValue);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainValue(inner)]));
}

/** A cell: the text of an attribute, lists joined; undefined when there is nothing to show. */
export function cell(row: Record<string, unknown>, name: string): string | undefined {
  const value = plainValue(row[name]);
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** An ISO time for people: to the second, without the T. */
export const when = (iso: unknown): string | undefined =>
  typeof iso === 'string' ? iso.slice(0, 19).replace('T', ' ') : undefined;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
