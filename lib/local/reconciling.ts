import { createReconcile } from '../flow/reconcile/scheduled.ts';
import { type ReconcileSurroundings, reconcileDeps } from '../flow/reconcile/wire.ts';
import { repeatedly } from './repeatedly.ts';

/** What one run may take, as on AWS. */
const longestMs = 900_000;

/** What the function `reconcile` does on AWS: compares with PagerDuty at start and then every hour. */
export function reconciling(
  config: Parameters<typeof reconcileDeps>[0],
  surroundings: ReconcileSurroundings,
  everySeconds: number,
) {
  const deps = reconcileDeps(config, surroundings);
  if (deps === undefined) return { start() {}, stop: async () => {} };
  const reconcile = createReconcile(deps);
  return repeatedly(
    everySeconds * 1000,
    () => reconcile(longestMs),
    (error) => deps.telemetry.error('reconcile failed, the next time does it', { error }),
  );
}
