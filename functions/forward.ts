import type { LambdaContext } from '../lib/adapters/aws/lambda-runtime.ts';
import { createForward } from '../lib/flow/forward/forward-events.ts';
import { lambdaWorker } from './wiring/worker.ts';

/** Woken by the stream of the `events` table. */
const forward = createForward(lambdaWorker('forward', import.meta.url));

export async function handler(event: unknown, context: LambdaContext) {
  return forward(event, context.getRemainingTimeInMillis());
}
