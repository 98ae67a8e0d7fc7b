import { createDynamoDb, workerTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import {
  bundledConfig,
  prefixed,
  systemClock,
  systemRandom,
  writeLine,
} from '../../lib/adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../../lib/adapters/aws/ssm-parameter.ts';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { processEnvironment, readLambdaSettings } from '../../lib/adapters/config/environment.ts';
import { createSdkClients } from '../../lib/adapters/destinations/aws/sdk-clients.ts';
import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import type { WorkDeps } from '../../lib/flow/subjects/deps.ts';
import type { Http, Secrets } from '../../lib/ports.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { createServicesOfRepository } from '../../lib/store/catalog/services-of-repository.ts';

/** What `forward` and `sweep` work with on AWS, and the way out that they share. `bundleUrl` is where the configuration lies. */
export function lambdaWorker(
  functionName: string,
  bundleUrl: string,
): WorkDeps & { http: Http; secrets: Secrets } {
  const settings = readLambdaSettings();
  const { region, endpoint } = settings;
  const target = { region, ...(endpoint ? { endpoint } : {}) };
  const config = bundledConfig<BridgeConfig>(bundleUrl);
  const telemetry = createTelemetry({
    write: writeLine,
    service: settings.service,
    clock: systemClock,
    fields: { function: functionName },
  });
  const secrets = createSecrets({
    environment: processEnvironment,
    readParameter: createParameterReader(target),
    clock: systemClock,
    telemetry,
  });
  const store = {
    db: createDynamoDb({ ...target, timing: workerTiming }),
    table: prefixed(settings.tablePrefix),
  };
  // On AWS 127.0.0.1 is Lambda's own runtime API; with an emulator's endpoint this is not AWS.
  const http = createNodeHttp({ allowLoopback: endpoint !== undefined });
  const destinations = createDestinations(config, {
    http,
    secrets,
    clock: systemClock,
    print: writeLine,
    aws: createSdkClients({ region }),
  });
  return {
    http,
    secrets,
    store,
    clock: systemClock,
    random: systemRandom,
    telemetry,
    config,
    matcher: createMatcher(store, config),
    servicesOfRepository: createServicesOfRepository(store, config.ingest),
    destinations,
    destinationNames: destinations.map(({ name }) => name),
  };
}
