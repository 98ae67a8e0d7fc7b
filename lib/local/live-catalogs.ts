import { createCatalogSource } from '../adapters/catalog-sources/sources.ts';
import type { BridgeConfig } from '../adapters/config/bridge-config.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import { createCatalogSync } from '../flow/catalog-sync/sync-sources.ts';
import type { Clock, Random, Secrets, Telemetry } from '../ports.ts';
import type { Store } from '../store/database/dynamo.ts';
import { repeatedly } from './repeatedly.ts';

interface LiveCatalogDeps {
  store: Store;
  clock: Clock;
  random: Random;
  secrets: Secrets;
  telemetry: Telemetry;
  config: Pick<BridgeConfig, 'catalog_sources'>;
}

/** What the function `catalog-sync` does on AWS: reads the live catalogs of bridge.yml at start and then on schedule. */
export function liveCatalogs(deps: LiveCatalogDeps, everySeconds: number) {
  const { catalog_sources = [] } = deps.config;
  if (catalog_sources.length === 0) return { start() {}, stop: async () => {} };
  const outside = { http: createNodeHttp({ allowLoopback: true }), secrets: deps.secrets, clock: deps.clock };
  const sync = createCatalogSync({
    ...deps,
    sources: catalog_sources.map((source) => createCatalogSource(source, outside)),
  });
  return repeatedly(everySeconds * 1000, sync, (error) =>
    deps.telemetry.error('reading the live catalogs failed, the next time does it', { error }),
  );
}
