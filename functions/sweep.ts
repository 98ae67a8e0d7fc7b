import type { LambdaContext } from '../lib/aws/lambda-runtime.ts';
import { lambdaWorker } from '../lib/aws/lambda-worker.ts';
import { createSweep } from '../lib/sweep/sweep.ts';

/** Woken every minute by a schedule. */
const sweep = createSweep(lambdaWorker('sweep', import.meta.url));

export async function handler(_event: unknown, context: LambdaContext) {
  return sweep(context.getRemainingTimeInMillis());
}
