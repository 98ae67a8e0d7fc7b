/** The numbers of one scope. Rates are fractions; a number that does not exist is null, its reason in `reasons`. */
export interface Figures {
  deployments: {
    /** Successful ones finished in the range: what every rate is of. */
    count: number;
    /** Those that did not succeed; in no rate. */
    failed: number;
    per_day: number | null;
    days_with_deployments: number;
  };
  change_failure_rate: {
    /** May exceed 1: one change can cause several incidents. */
    incidents_per_deployment: number | null;
    /** Deployments known to be a change failure, of all. */
    failed_deployments: number | null;
    incidents: number;
    failed: number;
    deployments: number;
    /** Incidents of services of which no deployment was ever told. */
    not_counted_incidents: number;
    /** Among the deployments; they count as not failed until they are judged. */
    not_yet_judged: number;
  };
  time_to_restore: {
    count: number;
    /** Resolved as well, but how long they took is not known exactly. */
    not_known: number;
    mean_seconds: number | null;
    median_seconds: number | null;
    p75_seconds: number | null;
    p90_seconds: number | null;
    /** Each count is of those above the bound before; the last has no bound. */
    histogram: { up_to_seconds: number | null; count: number }[];
  };
  failed_deployment_recovery_time: { count: number; median_seconds: number | null };
  change_lead_time: { count: number; median_seconds: number | null };
  /** Deployments made to mend another: rollbacks and rollforwards. */
  rework_rate: { count: number; deployments: number; rate: number | null };
  open_incidents: number;
  /** Why each number that is null does not exist, by its path. */
  reasons: Record<string, string>;
}
