import { stringify } from 'csv-stringify/sync';
import type { Report } from '../../domain/metrics/dora-report.ts';
import type { Figures } from '../../domain/metrics/figures.ts';

/**
 * A line for the whole and one for each group; a number that does not exist is an empty cell. A name that a
 * spreadsheet would take for a formula is escaped.
 */
export function renderCsv(document: Report): string {
  const all = { key: '(all)', ...document };
  const rows = [all, ...(document.groups ?? [])].map(({ key, ...figures }) => ({
    key: key ?? '',
    ...cells(figures),
  }));
  return stringify(rows, { header: true, escape_formulas: true });
}

const cells = (figures: Figures) => ({
  deployments: figures.deployments.count,
  deployments_failed: figures.deployments.failed,
  deployments_per_day: figures.deployments.per_day,
  days_with_deployments: figures.deployments.days_with_deployments,
  change_failure_rate: figures.change_failure_rate.failed_deployments,
  failed_deployments: figures.change_failure_rate.failed,
  not_yet_judged: figures.change_failure_rate.not_yet_judged,
  incidents_per_deployment: figures.change_failure_rate.incidents_per_deployment,
  incidents: figures.change_failure_rate.incidents,
  not_counted_incidents: figures.change_failure_rate.not_counted_incidents,
  time_to_restore_count: figures.time_to_restore.count,
  time_to_restore_mean_seconds: figures.time_to_restore.mean_seconds,
  time_to_restore_median_seconds: figures.time_to_restore.median_seconds,
  time_to_restore_p75_seconds: figures.time_to_restore.p75_seconds,
  time_to_restore_p90_seconds: figures.time_to_restore.p90_seconds,
  failed_deployment_recovery_median_seconds: figures.failed_deployment_recovery_time.median_seconds,
  change_lead_time_median_seconds: figures.change_lead_time.median_seconds,
  rework_rate: figures.rework_rate.rate,
  open_incidents: figures.open_incidents,
});
