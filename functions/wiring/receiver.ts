import { createDynamoDb, receiveTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import { bundledConfig, prefixed, systemClock, writeLine } from '../../lib/adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../../lib/adapters/aws/ssm-parameter.ts';
import { processEnvironment, readLambdaSettings } from '../../lib/adapters/config/environment.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';

/** What takes requests on AWS works with: `receive` and `ingest`. `bundleUrl` is where the configuration lies. */
export function lambdaReceiver<Config>(functionName: string, bundleUrl: string) {
  const settings = readLambdaSettings();
  const { region, endpoint } = settings;
  const target = { region, ...(endpoint ? { endpoint } : {}) };
  const telemetry = createTelemetry({
    write: writeLine,
    service: settings.service,
    clock: systemClock,
    fields: { function: functionName },
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
    config: bundledConfig<Config>(bundleUrl),
  };
}
