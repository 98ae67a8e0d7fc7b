import type { WorkDeps } from '../subjects/deps.ts';

export interface SweepReport {
  incidents: number;
  deliveries: number;
  held: number;
  oldestOwedSeconds: number;
}

/** What one part of a sweep works with. */
export interface SweepRun {
  deps: WorkDeps;
  report: SweepReport;
  /** Nothing new is begun after this. */
  stopAtMs: number;
}

export function noteAge({ deps, report }: SweepRun, dueAt: string): void {
  const seconds = Math.floor((deps.clock.now() - Date.parse(dueAt)) / 1000);
  report.oldestOwedSeconds = Math.max(report.oldestOwedSeconds, seconds);
}
