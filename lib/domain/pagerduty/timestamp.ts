/** ISO 8601 with a date, a time and an offset; the fraction may have any number of digits. */
const iso =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)$/;

/**
 * Epoch milliseconds of a PagerDuty timestamp, digits beyond milliseconds cut off; undefined for anything that
 * does not name one moment. `Date.parse` would not do: it takes a time without an offset for local time and
 * turns 30 February into March.
 */
export function parseTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const parts = iso.exec(value);
  if (parts === null) return undefined;
  const part = (index: number) => Number(parts[index] ?? 0);
  const [month, day, hour, minute, second] = [part(2), part(3), part(4), part(5), part(6)];
  const millisecond = parts[7] === undefined ? 0 : Number(parts[7].slice(0, 3).padEnd(3, '0'));
  const [offsetHour, offsetMinute] = [part(9), part(10)];
  // 60 is a leap second; it falls on the next minute's first.
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(part(1), month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (parts[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const ms = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond;
  // Years outside 0 to 9999 have another length in ISO form and would break the order of the log.
  return ms >= earliest && ms <= latest ? ms : undefined;
}

/** The form every table and every outgoing event uses: UTC, milliseconds. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
