import { calendarOf } from './calendar.ts';
import { type Grouping, groupings, type Question } from './dora-report.ts';
import { momentOf } from './moment.ts';

/** What is asked for, as people write it: options of the command line, a query of the API. */
export interface Asked {
  env?: string | undefined;
  team?: string | undefined;
  service?: string | undefined;
  /** The range; the last 90 days where absent. */
  since?: string | undefined;
  until?: string | undefined;
  by?: string | undefined;
  compare?: boolean | undefined;
  time_zone?: string | undefined;
}

export type Ask = { question: Question } | { fault: { name: keyof Asked; message: string } };

/** The longest range: what is older is not kept by default, and each day is a read. */
const longestMs = 1_100 * 86_400_000;

/** The question as the formulas want it, or what is wrong with it. */
export function ask(asked: Asked, nowMs: number): Ask {
  const { env, team, service, by, since = '90d', until, compare, time_zone: timeZone = 'UTC' } = asked;
  const fault = (name: keyof Asked, message: string): Ask => ({ fault: { name, message } });
  if (!isTimeZone(timeZone)) {
    return fault('time_zone', `is no time zone: "${timeZone}". Write UTC, Europe/Berlin, America/New_York.`);
  }
  const forms = 'Write 90d, 12w, a day such as 2026-03-01, or 2026-03-01T09:00Z.';
  const fromMs = momentOf(since, nowMs, timeZone);
  if (fromMs === undefined) return fault('since', `is not a time: "${since}". ${forms}`);
  const toMs = until === undefined ? nowMs : momentOf(until, nowMs, timeZone);
  if (toMs === undefined) return fault('until', `is not a time: "${until}". ${forms}`);
  if (fromMs >= toMs) return fault('since', 'must lie before the end of the range.');
  if (nowMs - fromMs > longestMs) return fault('since', 'lies more than 1100 days back.');
  if (by !== undefined && !isGrouping(by)) {
    return fault('by', `is one of ${groupings.join(', ')}, not "${by}".`);
  }
  return { question: { scope: { env, team, service, fromMs, toMs }, by, compare, timeZone } };
}

const isGrouping = (by: string): by is Grouping => groupings.some((each) => each === by);

function isTimeZone(name: string): boolean {
  try {
    calendarOf(name);
    return true;
  } catch {
    return false;
  }
}
