/** DynamoDB numbers are decimals of up to 38 digits carried as text; the fast path covers ordinary integers. */
const ordinary = /^-?(?:0|[1-9]\d{0,14})$/;
const general = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

interface Decimal {
  digits: bigint;
  exponent: number;
}

function parse(text: string): Decimal | undefined {
  const found = general.exec(text);
  if (!found) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  let digits = BigInt(`${whole}${fraction}` || '0');
  let power = Number(exponent) - fraction.length;
  if (digits === 0n) return { digits: 0n, exponent: 0 };
  while (digits % 10n === 0n) {
    digits /= 10n;
    power += 1;
  }
  return { digits: sign === '-' ? -digits : digits, exponent: power };
}

function format({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return `${digits}${'0'.repeat(digits === 0n ? 0 : exponent)}`;
  const sign = digits < 0n ? '-' : '';
  const plain = `${digits < 0n ? -digits : digits}`.padStart(-exponent + 1, '0');
  return `${sign}${plain.slice(0, exponent)}.${plain.slice(exponent)}`;
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) throw new RangeError(`not a number: ${left ? b : a}`);
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = (d: Decimal) => d.digits * 10n ** BigInt(d.exponent - exponent);
  return [scale(left), scale(right), exponent];
}

/** The text DynamoDB would give back for this number; undefined if it would refuse it. */
export function normalizeNumber(text: string): string | undefined {
  if (ordinary.test(text)) return text === '-0' ? '0' : text;
  const parsed = parse(text);
  if (!parsed || `${parsed.digits}`.replace('-', '').length > 38) return undefined;
  return format(parsed);
}

export function compareNumbers(a: string, b: string): number {
  if (ordinary.test(a) && ordinary.test(b)) return Number(a) - Number(b);
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function addNumbers(a: string, b: string, sign: 1 | -1): string {
  if (ordinary.test(a) && ordinary.test(b)) {
    const sum = Number(a) + sign * Number(b);
    if (Number.isSafeInteger(sum)) return String(sum);
  }
  const [left, right, exponent] = aligned(a, b);
  const digits = left + BigInt(sign) * right;
  return normalizeNumber(format({ digits, exponent })) ?? '0';
}
