/** The configuration as the code uses it, after parsing infra/bridge.yml. */
export interface BridgeConfig {
  authenticate: { signing_secrets?: string; api_keys?: string };
  default_env?: string;
  env_custom_field?: string;
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
  events?: string[];
  [key: string]: unknown;
}
