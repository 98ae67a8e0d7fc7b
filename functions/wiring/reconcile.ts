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
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import {
  processEnvironment,
  readLambdaSettings,
  readPagerDutySettings,
} from '../../lib/adapters/config/environment.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import type { ReconcileDeps } from '../../lib/flow/reconcile/run.ts';
import { reconcileDeps } from '../../lib/flow/reconcile/wire.ts';

/** What `reconcile` works with on AWS. `bundleUrl` is where the configuration lies. */
export function lambdaReconcile(bundleUrl: string): ReconcileDeps {
  const settings = readLambdaSettings();
  const { region, endpoint } = settings;
  const target = { region, ...(endpoint ? { endpoint } : {}) };
  const config = bundledConfig<Pick<BridgeConfig, 'pagerduty' | 'retention_days'>>(bundleUrl);
  const clock = waitingClock;
  const telemetry = createTelemetry({
    write: writeLine,
    service: settings.service,
    clock,
    fields: { function: 'reconcile' },
  });
  const deps = reconcileDeps(config, {
    store: {
      db: createDynamoDb({ ...target, timing: workerTiming }),
      table: prefixed(settings.tablePrefix),
    },
    clock,
    random: systemRandom,
    telemetry,
    ...readPagerDutySettings(),
    // On AWS 127.0.0.1 is Lambda's own runtime API; with an emulator's endpoint this is not AWS.
    http: createNodeHttp({ allowLoopback: endpoint !== undefined }),
    secrets: createSecrets({
      environment: processEnvironment,
      readParameter: createParameterReader(target),
      clock,
      telemetry,
    }),
  });
  if (deps === undefined) throw new Error('bridge.json has no key of PagerDuty, or reconcile is off in it');
  return deps;
}
