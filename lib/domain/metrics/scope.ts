import { sameName } from '../catalog/names.ts';
import type { Period } from './calendar.ts';
import type { MeasuredIncident, Records } from './facts.ts';

/** When: epoch milliseconds, [from, to). */
export interface Range {
  fromMs: number;
  toMs: number;
  /** Only this week or month of it. */
  period?: Period | undefined;
}

/** What a report is about. A name narrows, regardless of case. */
export interface Scope extends Range {
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
}

interface Placed {
  service?: string | undefined;
  services?: readonly string[] | undefined;
  team?: string | undefined;
  env?: string | undefined;
}

/** What is of the scope's service, team and env; when, is another matter. */
export function narrow(records: Records, scope: Scope): Records {
  const isWithin = ({ service, services, team, env }: Placed) =>
    fits(scope.service, services ?? [service]) && fits(scope.team, [team]) && fits(scope.env, [env]);
  const { deployments, incidents } = records;
  return { ...records, deployments: deployments.filter(isWithin), incidents: incidents.filter(isWithin) };
}

export function isDuring({ fromMs, toMs, period }: Range, ms: number): boolean {
  return ms >= fromMs && ms < toMs && (period === undefined || period.includes(ms));
}

/** Open now, and begun before the range was over. */
export const isOpen = ({ toMs }: Range, { startedAtMs, finishedAtMs }: MeasuredIncident): boolean =>
  finishedAtMs === undefined && startedAtMs < toMs;

function fits(wanted: string | undefined, given: readonly (string | undefined)[]): boolean {
  return wanted === undefined || given.some((name) => sameName(name, wanted));
}
