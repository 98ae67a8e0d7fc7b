import type { IncidentSettings } from '../../domain/incident/settings.ts';
import type { Selection } from '../../domain/incident-filter/criteria.ts';
import type { AccountSettings } from '../../domain/matching/account-aliases.ts';
import type { NameSettings } from '../../domain/matching/name-settings.ts';
import type { RetentionSettings } from '../../domain/retry/settings.ts';
import type { CatalogSourceConfig } from '../catalog-sources/sources.ts';
import type { IngestConfig } from '../config-values/ingest.ts';
import type { PagerDutyConfig } from '../config-values/pagerduty.ts';
import type { DestinationConfig } from '../destinations/destination-config.ts';
import type { GitHostConfig } from '../git-hosts/host-of.ts';

/** The configuration as the code uses it, after parsing infra/bridge.yml. */
export interface BridgeConfig extends IncidentSettings, RetentionSettings, NameSettings, AccountSettings {
  /** Secret references, `env:NAME` or `ssm:/path`. */
  authenticate: { signing_secrets?: string; api_keys?: string };
  unmatched: 'hold' | 'passthrough' | 'drop';
  /** How long rows that metrics are computed from are kept, in days. */
  metrics_retention_days: number;
  /** How long after a deployment an incident may be laid to it; 0 for never. */
  link: { window_hours: number };
  /** What other programs may report. Absent where nobody may, on AWS; a laptop always has it. */
  ingest?: IngestConfig;
  /** Which incidents count as failures: for metrics, and for destinations that are told of failures. */
  counts?: Selection;
  /** Incident custom field that names the catalog service. */
  service_custom_field?: string;
  destinations: DestinationConfig[];
  /** The account's REST API. */
  pagerduty?: PagerDutyConfig;
  /** Live catalogs. */
  catalog_sources?: CatalogSourceConfig[];
  /** Who is asked which commits a deployment brought. */
  git_hosts?: GitHostConfig[];
}

/** One thing wrong with the configuration, for a person. */
export interface ConfigFault {
  /** As in `destinations[0].url`; empty for the file as a whole. */
  path: string;
  /** From 1; absent if the configuration did not come from a text. */
  line?: number;
  message: string;
}
