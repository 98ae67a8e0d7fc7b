import type { LambdaContext } from '../lib/adapters/aws/lambda-runtime.ts';
import { createReconcile } from '../lib/flow/reconcile/scheduled.ts';
import { lambdaReconcile } from './wiring/reconcile.ts';

/** Woken every hour; deployed where bridge.yml has a key of PagerDuty's, and `reconcile` is not off. */
const reconcile = createReconcile(lambdaReconcile(import.meta.url));

export async function handler(_event: unknown, context: LambdaContext) {
  return reconcile(context.getRemainingTimeInMillis());
}
