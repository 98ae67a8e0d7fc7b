/** What the configuration says about how long things are tried and kept. */
export interface RetentionSettings {
  /** How long a delivery is retried, from its first attempt. */
  retry: { horizon_hours: number };
  /** How long settled rows are kept. */
  retention_days: number;
}
