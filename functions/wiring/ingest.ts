import { createDynamoDb, receiveTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import { bundledConfig, prefixed, systemClock, writeLine } from '../../lib/adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../../lib/adapters/aws/ssm-parameter.ts';
import { processEnvironment, readLambdaSettings } from '../../lib/adapters/config/environment.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import type { IngestDeps } from '../../lib/flow/ingest/deps.ts';

/** What `ingest` works with on AWS. `bundleUrl` is where the configuration lies. */
export function lambdaIngest(bundleUrl: string): IngestDeps {
  const settings = readLambdaSettings();
  const { region, endpoint } = settings;
  const target = { region, ...(endpoint ? { endpoint } : {}) };
  const telemetry = createTelemetry({
    write: writeLine,
    service: settings.service,
    clock: systemClock,
    fields: { function: 'ingest' },
  });
  return {
    store: {
      db: createDynamoDb({ ...target, timing: receiveTiming }),
      table: prefixed(settings.tablePrefix),
    },
    secrets: createSecrets({
      environment: processEnvironment,
      readParameter: createParameterReader(target),
      clock: systemClock,
      telemetry,
    }),
    clock: systemClock,
    telemetry,
    config: bundledConfig<IngestDeps['config']>(bundleUrl),
  };
}
