/** A week or a month, as the calendar of a time zone has it. */
export interface Period {
  /** `2026-03-02` (the Monday of the week) or `2026-03`. */
  key: string;
  includes(ms: number): boolean;
  /** How much of the range asked for lies in it. */
  coveredMs: number;
}

export interface Calendar {
  /** `2026-03-02` */
  dayOf(ms: number): string;
  /** The weeks (from Monday) or months that lie at least partly in [fromMs, toMs), in order. */
  periods(unit: 'week' | 'month', fromMs: number, toMs: number): Period[];
}

/** No zone's offset has ever been finer since 1972, so all of a quarter of an hour is on one day. */
const quarterMs = 900_000;
const dayMs = 86_400_000;

/** Throws a RangeError for a time zone that does not exist (IANA names, `UTC`). */
export function calendarOf(timeZone: string): Calendar {
  const known = calendars.get(timeZone);
  if (known) return known;
  const made = makeCalendar(timeZone);
  calendars.set(timeZone, made);
  return made;
}

const calendars = new Map<string, Calendar>();

function makeCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const dayOf = eachQuarter((ms) => format.format(ms));
  const keyOf = {
    week: eachQuarter((ms) => mondayOf(dayOf(ms))),
    month: (ms: number) => dayOf(ms).slice(0, 7),
  };
  return {
    dayOf,
    periods(unit, fromMs, toMs) {
      const covered = new Map<string, number>();
      for (let at = fromMs; at < toMs; ) {
        const next = Math.min(toMs, (Math.floor(at / quarterMs) + 1) * quarterMs);
        const key = keyOf[unit](at);
        covered.set(key, (covered.get(key) ?? 0) + next - at);
        at = next;
      }
      return [...covered].map(([key, coveredMs]) => ({
        key,
        coveredMs,
        includes: (ms) => keyOf[unit](ms) === key,
      }));
    },
  };
}

/** Asking the calendar of a time zone is slow, and a report asks of each row. */
function eachQuarter(ask: (ms: number) => string): (ms: number) => string {
  const known = new Map<number, string>();
  return (ms) => {
    const quarter = Math.floor(ms / quarterMs);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const answer = ask(quarter * quarterMs);
    known.set(quarter, answer);
    return answer;
  };
}

/** Of a day like `2026-03-04`. */
function mondayOf(day: string): string {
  const ms = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(ms).getUTCDay() + 6) % 7;
  return new Date(ms - sinceMonday * dayMs).toISOString().slice(0, 10);
}
