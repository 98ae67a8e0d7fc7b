import { createDynamoDb, workerTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import {
  bundledConfig,
  prefixed,
  systemRandom,
  waitingClock,
  writeLine,
} from '../../lib/adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../../lib/adapters/aws/ssm-parameter.ts';
import { createCatalogSource } from '../../lib/adapters/catalog-sources/sources.ts';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { processEnvironment, readLambdaSettings } from '../../lib/adapters/config/environment.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import type { CatalogSyncDeps } from '../../lib/flow/catalog-sync/sync-sources.ts';

/** What `catalog-sync` works with on AWS. `bundleUrl` is where the configuration lies. */
export function lambdaCatalogSync(bundleUrl: string): CatalogSyncDeps {
  const settings = readLambdaSettings();
  const { region, endpoint } = settings;
  const target = { region, ...(endpoint ? { endpoint } : {}) };
  const { catalog_sources = [] } = bundledConfig<Pick<BridgeConfig, 'catalog_sources'>>(bundleUrl);
  const clock = waitingClock;
  const telemetry = createTelemetry({
    write: writeLine,
    service: settings.service,
    clock,
    fields: { function: 'catalog-sync' },
  });
  const secrets = createSecrets({
    environment: processEnvironment,
    readParameter: createParameterReader(target),
    clock,
    telemetry,
  });
  // On AWS 127.0.0.1 is Lambda's own runtime API; with an emulator's endpoint this is not AWS.
  const http = createNodeHttp({ allowLoopback: endpoint !== undefined });
  return {
    store: {
      db: createDynamoDb({ ...target, timing: workerTiming }),
      table: prefixed(settings.tablePrefix),
    },
    clock,
    random: systemRandom,
    telemetry,
    sources: catalog_sources.map((source) => createCatalogSource(source, { http, secrets, clock })),
  };
}
