import type { RetentionSettings } from './settings.ts';

/** Frozen events stay readable longer than anything can be owed: several retry horizons on top of the retention. */
const horizonsKept = 10;

/** Days a frozen incident event is kept from its freezing. */
export function outgoingKeptDays(config: RetentionSettings): number {
  return config.retention_days + (horizonsKept * config.retry.horizon_hours) / 24;
}
