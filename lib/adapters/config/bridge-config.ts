/** The configuration as the code uses it, after parsing infra/bridge.yml. */
export interface BridgeConfig {
  /** Secret references, `env:NAME` or `ssm:/path`. */
  authenticate: { signing_secrets?: string; api_keys?: string };
  default_env?: string;
  env_custom_field?: string;
  /** PagerDuty priority name to severity; a priority not listed keeps its name. */
  severity: Record<string, string>;
  unmatched: 'hold' | 'passthrough' | 'drop';
  retry: { horizon_hours: number };
  retention_days: number;
  destinations: DestinationConfig[];
}

/** Keys beyond these belong to the destination's type and are checked by its own schema. */
export interface DestinationConfig {
  name: string;
  type: string;
  events?: string[] | undefined;
  [key: string]: unknown;
}

/** One thing wrong with the configuration, for a person. */
export interface ConfigFault {
  /** As in `destinations[0].url`; empty for the file as a whole. */
  path: string;
  /** From 1; absent if the configuration did not come from a text. */
  line?: number;
  message: string;
}
