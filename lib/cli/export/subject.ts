import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { MeasureDeps } from '../../flow/measure/read-records.ts';
import type { Column, Line } from './column.ts';

export interface ExportDeps extends MeasureDeps {
  config: BridgeConfig;
}

/** Epoch milliseconds; `toMs` is not in it. */
export interface ExportRange {
  fromMs: number;
  toMs: number;
}

/** The rows of one day in UTC, `open` for what is not over. */
export interface Day {
  day: string;
  lines: Line[];
}

/** What can be exported. Every row has the column `day` besides, by which files are laid out. */
export interface ExportSubject {
  name: string;
  /** For people: of which time a row is. */
  by: string;
  columns: readonly Column[];
  /** Every day of the range, those without rows too, and `open` at last. */
  days(deps: ExportDeps, range: ExportRange): AsyncGenerator<Day>;
}

const dayMs = 86_400_000;

/** The days that a range touches. */
export function daysOf({ fromMs, toMs }: ExportRange): string[] {
  const days: string[] = [];
  for (let at = Math.floor(fromMs / dayMs) * dayMs; at < toMs; at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** Whether a moment lies in the range; ISO 8601. */
export const isWithin = ({ fromMs, toMs }: ExportRange, at: unknown): boolean => {
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return ms >= fromMs && ms < toMs;
};
