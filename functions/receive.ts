import { createDynamoDb, receiveTiming } from '../lib/adapters/aws/dynamodb-client.ts';
import {
  bundledConfig,
  type LambdaContext,
  prefixed,
  systemClock,
  writeLine,
} from '../lib/adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../lib/adapters/aws/secrets.ts';
import { createParameterReader } from '../lib/adapters/aws/ssm-parameter.ts';
import { processEnvironment, readLambdaSettings } from '../lib/adapters/config/environment.ts';
import { fromLambdaEvent, toLambdaResponse } from '../lib/adapters/incoming-http/lambda-event.ts';
import { createTelemetry } from '../lib/adapters/telemetry/telemetry.ts';
import { createReceive, type ReceiveDeps } from '../lib/flow/receive/receive-webhook.ts';

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
