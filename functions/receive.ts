import { type LambdaContext, systemClock } from '../lib/adapters/aws/lambda-runtime.ts';
import { fromLambdaEvent, toLambdaResponse } from '../lib/adapters/incoming-http/lambda-event.ts';
import { createReceive, type ReceiveDeps } from '../lib/flow/receive/receive-webhook.ts';
import { lambdaReceiver } from './wiring/receiver.ts';

/** Receives PagerDuty's webhooks: HTTP API (payload 2.0) and Function URL events are of one shape. */
const receive = createReceive(lambdaReceiver<ReceiveDeps['config']>('receive', import.meta.url));

export async function handler(event: unknown, _context?: LambdaContext) {
  return toLambdaResponse(await receive(fromLambdaEvent(event, systemClock.now())));
}
