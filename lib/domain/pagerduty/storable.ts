import { wellFormed } from '../text/well-formed.ts';

/** DynamoDB nests 32 levels deep and its client refuses numbers beyond 2^53: both are written as text instead. */
export function storableWithin(value: unknown, levels: number): unknown {
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
