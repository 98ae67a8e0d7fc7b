/** What the configuration says about how incidents are described. */
export interface IncidentSettings {
  default_env?: string;
  env_custom_field?: string;
  /** Environment to the name it goes by; one that is not listed keeps its name. */
  env_names?: Record<string, string>;
  /** PagerDuty priority name to severity; a priority not listed keeps its name. */
  severity: Record<string, string>;
}
