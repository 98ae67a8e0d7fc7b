import { type Calendar, calendarOf } from './calendar.ts';
import type { Records } from './facts.ts';
import type { Figures } from './figures.ts';
import { groupBy } from './group-by.ts';
import { measure } from './measure.ts';
import { isDuring, isOpen, narrow, type Range, type Scope } from './scope.ts';

export const groupings = ['service', 'team', 'env', 'week', 'month'] as const;
export type Grouping = (typeof groupings)[number];

export interface Question {
  scope: Scope;
  by?: Grouping | undefined;
  /** Also the range of the same length that ends where this one begins. */
  compare?: boolean | undefined;
  /** IANA name; days, weeks and months are those of this time zone. */
  timeZone: string;
}

/** Its `key` is null where what is grouped by is not known. */
export type Group = Figures & { key: string | null };

export type Report = Figures & {
  groups?: Group[];
  previous?: Figures;
};

export function report(records: Records, { scope, by, compare, timeZone }: Question): Report {
  const calendar = calendarOf(timeZone);
  const within = narrow(records, scope);
  return {
    ...measure(within, scope, calendar),
    ...(by && { groups: groupsOf(within, scope, by, calendar) }),
    ...(compare && { previous: measure(within, before(scope), calendar) }),
  };
}

/** The range of the same length that ends where this one begins. */
export const before = ({ fromMs, toMs }: Range): Range => ({
  fromMs: fromMs - (toMs - fromMs),
  toMs: fromMs,
});

function groupsOf(within: Records, scope: Scope, by: Grouping, calendar: Calendar): Group[] {
  if (by === 'week' || by === 'month') {
    const { fromMs, toMs } = scope;
    return calendar
      .periods(by, fromMs, toMs)
      .map((period) => ({ key: period.key, ...measure(within, { fromMs, toMs, period }, calendar) }));
  }
  return groupBy(happening(within, scope), by, by === 'service' ? scope.service : undefined).map(
    ([key, records]) => ({ key, ...measure(records, scope, calendar) }),
  );
}

/** What has anything in the range. */
const happening = (within: Records, range: Range): Records => ({
  ...within,
  deployments: within.deployments.filter(({ finishedAtMs }) => isDuring(range, finishedAtMs)),
  incidents: within.incidents.filter(
    (each) =>
      !each.merged &&
      (isDuring(range, each.startedAtMs) ||
        isOpen(range, each) ||
        (each.finishedAtMs !== undefined && isDuring(range, each.finishedAtMs))),
  ),
});
