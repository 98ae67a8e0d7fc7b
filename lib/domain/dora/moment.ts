import { parseTimestamp } from '../pagerduty/timestamp.ts';

/** A time as somebody reports it: epoch milliseconds, or the rule that it breaks, as the end of a sentence. */
export type Moment = { ms: number; fault?: never } | { ms?: never; fault: string };

/*
 *   unit by magnitude; the ranges do not meet before the year 5138
 *
 *   0 ────────── 1e11 ────────── 1e14 ────────── 1e17 ────────── 1e20
 *     seconds     milliseconds    microseconds    nanoseconds
 *                                 (refused)
 */
const units = [
  { below: 10n ** 11n, toNanoseconds: 10n ** 9n },
  { below: 10n ** 14n, toNanoseconds: 10n ** 6n },
  { below: 10n ** 17n, toNanoseconds: undefined },
  { below: 10n ** 20n, toNanoseconds: 1n },
];
/**
 * A program that keeps nanoseconds in a double is off by up to this much, and most do: a millisecond begins so
 * much early, or one in eight of them would be the millisecond before.
 */
const doubleError = 256n;
/** Nothing was deployed by these means before, and whoever says so has another unit in mind. */
const earliest = Date.parse('2000-01-01T00:00:00.000Z');
const latest = Date.parse('2100-01-01T00:00:00.000Z');

const forms =
  'must be seconds, milliseconds or nanoseconds since 1970, or an ISO 8601 time with its zone, such as 2026-03-02T10:31:07Z';

/**
 * Reads a time by its magnitude or as ISO 8601, digits beyond milliseconds cut off. Numbers as `parseExactly` has
 * them: a number that has lost digits already is not repaired.
 */
export function readMoment(value: unknown): Moment {
  const ms = typeof value === 'string' && !digits.test(value.trim()) ? isoTime(value) : numericTime(value);
  if (typeof ms === 'string') return { fault: ms };
  if (ms < earliest || ms >= latest) {
    return { fault: `is in the year ${yearOf(ms)}, and ${forms}; the years 2000 to 2099 are accepted` };
  }
  return { ms };
}

const digits = /^[+-]?\d{1,40}$/;
const yearOf = (ms: number) => (Math.abs(ms) <= 8.64e15 ? new Date(ms).getUTCFullYear() : 'of no calendar');

/** GitLab puts a space before the zone. */
function isoTime(text: string): number | string {
  return parseTimestamp(text.trim().replace(/ (?=[+-]\d|[Zz]$)/, '')) ?? forms;
}

function numericTime(value: unknown): number | string {
  if (typeof value === 'number' && !Number.isInteger(value)) return `${forms}; fractions are not accepted`;
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return forms;
  const exact = BigInt(typeof value === 'string' ? value.trim().replace(/^\+/, '') : value);
  if (exact < 0n) return `${forms}; it is negative`;
  const unit = units.find(({ below }) => exact < below);
  if (!unit) return `${forms}; it has too many digits for any of them`;
  if (unit.toNanoseconds === undefined) return `${forms}; it looks like microseconds, which are not accepted`;
  const nanoseconds = exact * unit.toNanoseconds;
  return Number((nanoseconds + doubleError) / 1_000_000n);
}
