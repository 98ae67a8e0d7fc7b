import { reconcile } from './reconcile.ts';
import type { ReconcileDeps } from './run.ts';

export type Reconciling = (remainingMs: number) => Promise<{ finished: boolean; events: number }>;

/** Left over at the end, to write down how far it has come: a request may take as long, with what it waits before. */
const reserveMs = 90_000;

/**
 * What happens on schedule. The heartbeat is of a run that PagerDuty answered, whether or not it came to its end:
 * what is missing after a long gap takes several.
 */
export function createReconcile(deps: ReconcileDeps): Reconciling {
  const { clock, telemetry } = deps;
  return async (remainingMs) => {
    const stopAtMs = clock.now() + Math.max(remainingMs - reserveMs, 1_000);
    try {
      const { repaired, ...report } = await reconcile(deps, { stopAtMs });
      telemetry.metric('ReconcileHeartbeat', 1);
      telemetry.info('reconcile done', { ...report, repaired: repaired.length });
      return { finished: report.finished, events: report.events };
    } catch (error) {
      telemetry.error('reconcile failed, the next run goes on', { error });
      return { finished: false, events: 0 };
    }
  };
}
