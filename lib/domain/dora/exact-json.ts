import { parse } from 'lossless-json';

/**
 * `JSON.parse`, but a whole number beyond 2^53 comes as a bigint with every digit it was written with, as
 * nanoseconds since 1970 are. Of a key given twice the last holds. Throws for what is not JSON, and for what is
 * nested deeper than the stack is.
 */
export const parseExactly = (text: string): unknown =>
  parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });

const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** More digits than any time has, and few enough that reading them costs nothing. */
const mostDigits = 40;

/** `1693491974.5e9` and `1.693491974e18` are whole numbers too: some programs print nanoseconds so. */
function exactNumber(text: string): number | bigint {
  const near = Number(text);
  if (Number.isSafeInteger(near) || text.length > mostDigits) return near;
  const [, sign, whole, fraction = '', exponent = '0'] = parts.exec(text) ?? [];
  const shift = Number(exponent) - fraction.length;
  const digits = `${whole}${fraction}`;
  if (shift > mostDigits || -shift > digits.length) return near;
  if (shift >= 0) return BigInt(sign + digits + '0'.repeat(shift));
  return /^0+$/.test(digits.slice(shift)) ? BigInt(sign + digits.slice(0, shift)) : near;
}
