/** What the configuration says about how incidents are described. */
export interface IncidentSettings {
  default_env?: string;
  env_custom_field?: string;
  /** PagerDuty priority name to severity; a priority not listed keeps its name. */
  severity: Record<string, string>;
}
