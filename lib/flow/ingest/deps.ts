import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { IngestConfig } from '../../adapters/config-values/ingest.ts';
import type { Secrets } from '../../ports.ts';
import type { ReceiveFromDeps } from '../receive/receive-from.ts';

/** What `ingest` works with. */
export interface IngestDeps extends ReceiveFromDeps {
  secrets: Secrets;
  config: Pick<
    BridgeConfig,
    'retention_days' | 'metrics_retention_days' | 'env_names' | 'counts' | 'link'
  > & {
    ingest: IngestConfig;
  };
}
