import type { RetentionSettings } from './settings.ts';

/** Frozen events stay readable longer than anything can be owed: several retry horizons on top of the retention. */
const horizonsKept = 10;

/** Days a frozen incident event is kept from its freezing. */
export function outgoingKeptDays(config: RetentionSettings): number {
  return config.retention_days + (horizonsKept * config.retry.horizon_hours) / 24;
}

/**
 * The incident's row knows which sequence was last: it must outlive every frozen event, or a reopened incident would
 * take those for new ones. TTL deletes some days late, in any order.
 */
const rowMarginDays = 14;

/** Days the row of an incident that is over is kept: metrics are computed from it. */
export function incidentKeptDays(config: RetentionSettings & { metrics_retention_days: number }): number {
  return Math.max(outgoingKeptDays(config) + rowMarginDays, config.metrics_retention_days);
}
