import type { LambdaContext } from '../lib/aws/lambda-runtime.ts';
import { lambdaWorker } from '../lib/aws/lambda-worker.ts';
import { createForward } from '../lib/forward-events.ts';

/** Woken by the stream of the `events` table. */
const forward = createForward(lambdaWorker('forward', import.meta.url));

export async function handler(event: unknown, context: LambdaContext) {
  return forward(event, context.getRemainingTimeInMillis());
}
