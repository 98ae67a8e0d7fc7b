import { sameName } from '../domain/catalog/names.ts';
import { momentOf } from '../domain/metrics/moment.ts';
import type { Row } from '../store/database/marshalled.ts';
import { wrongUsage } from './io.ts';

export const incidentStatuses = ['triggered', 'acknowledged', 'resolved'];

/** Options by which incidents are chosen. */
export interface IncidentFilter {
  status?: string;
  service?: string;
  team?: string;
  env?: string;
  severity?: string;
  number?: string;
  since?: string;
  until?: string;
}

/** Whether a row fits, or what the index knows of it; and before when nothing is looked for. Names regardless of case. */
export function incidentFilter(
  { status, service, team, env, severity, number, since, until }: IncidentFilter,
  nowMs: number,
): { fits(row: Row): boolean; sinceMs: number | undefined } {
  if (status !== undefined && !incidentStatuses.includes(status))
    throw wrongUsage(`--status is one of ${incidentStatuses.join(', ')}, not "${status}".`);
  if (number !== undefined && !/^\d{1,15}$/.test(number))
    throw wrongUsage(`--number is a number, not "${number}".`);
  const sinceMs = moment('since', since, nowMs);
  const untilMs = moment('until', until, nowMs);
  const isOf = (row: Row, name: string, wanted: string | undefined) =>
    wanted === undefined || (typeof row[name] === 'string' && sameName(row[name], wanted));
  return {
    sinceMs,
    fits: (row) => {
      const services = Array.isArray(row['services']) ? row['services'] : [];
      const began = Date.parse(String(row['started_at']));
      return (
        (status === undefined || row['status'] === status) &&
        (number === undefined || row['number'] === Number(number)) &&
        (service === undefined || services.some((name) => sameName(String(name), service))) &&
        isOf(row, 'team', team) &&
        isOf(row, 'env', env) &&
        isOf(row, 'severity', severity) &&
        (sinceMs === undefined || began >= sinceMs) &&
        (untilMs === undefined || began < untilMs)
      );
    },
  };
}

export function moment(name: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = momentOf(text, nowMs, 'UTC');
  if (ms !== undefined) return ms;
  throw wrongUsage(
    `--${name} is not a time: "${text}". Write 7d, 36h, a day such as 2026-03-01, or 2026-03-01T09:00Z.`,
  );
}
