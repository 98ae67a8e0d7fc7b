import type { LambdaContext } from '../lib/adapters/aws/lambda-runtime.ts';
import { createSweep } from '../lib/flow/sweep/sweep.ts';
import { lambdaWorker } from './wiring/worker.ts';

/** Woken every minute by a schedule. */
const sweep = createSweep(lambdaWorker('sweep', import.meta.url));

export async function handler(_event: unknown, context: LambdaContext) {
  return sweep(context.getRemainingTimeInMillis());
}
