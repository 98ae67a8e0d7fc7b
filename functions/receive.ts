import { createDynamoDb, receiveTiming } from '../lib/aws/dynamodb-client.ts';
import {
  bundledConfig,
  type LambdaContext,
  prefixed,
  systemClock,
  writeLine,
} from '../lib/aws/lambda-runtime.ts';
import { createSecrets } from '../lib/aws/secrets.ts';
import { createParameterReader } from '../lib/aws/ssm-parameter.ts';
import { processEnvironment, readLambdaSettings } from '../lib/config/environment.ts';
import { fromLambdaEvent, toLambdaResponse } from '../lib/lambda-http-edge.ts';
import { createReceive, type ReceiveDeps } from '../lib/receive-webhook.ts';
import { createTelemetry } from '../lib/telemetry/telemetry.ts';

/** Receives PagerDuty's webhooks: HTTP API (payload 2.0) and Function URL events are of one shape. */
const settings = readLambdaSettings();
const { region, endpoint } = settings;
const target = { region, ...(endpoint ? { endpoint } : {}) };
const telemetry = createTelemetry({
  write: writeLine,
  service: settings.service,
  clock: systemClock,
  fields: { function: 'receive' },
});
const config = bundledConfig<ReceiveDeps['config']>(import.meta.url);
const secrets = createSecrets({
  environment: processEnvironment,
  readParameter: createParameterReader(target),
  clock: systemClock,
  telemetry,
});
const receive = createReceive({
  store: {
    db: createDynamoDb({ ...target, timing: receiveTiming }),
    table: prefixed(settings.tablePrefix),
  },
  secrets,
  clock: systemClock,
  telemetry,
  config,
});

export async function handler(event: unknown, _context?: LambdaContext) {
  return toLambdaResponse(await receive(fromLambdaEvent(event, systemClock.now())));
}
