import { calendarOf } from './calendar.ts';

const unitMs: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const quarterMs = 900_000;

/**
 * A moment as people write it, in epoch milliseconds: `90d`, `12w` or `36h` ago, a day (its beginning in the time
 * zone), or a time with zone. Undefined for anything else.
 */
export function momentOf(text: string, nowMs: number, timeZone: string): number | undefined {
  const ago = /^([1-9]\d{0,4})([hdw])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * (unitMs[ago[2] ?? ''] ?? 0);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return beginningOf(text, timeZone);
  const ms = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** No zone is more than 15 hours from UTC, and all of them change by quarters of an hour. */
function beginningOf(day: string, timeZone: string): number {
  const { dayOf } = calendarOf(timeZone);
  let ms = Date.parse(`${day}T00:00:00Z`) - 15 * 3_600_000;
  while (dayOf(ms) < day) ms += quarterMs;
  return ms;
}
