import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { pingSubscription } from '../../adapters/pagerduty-api/subscriptions.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { readPingAt } from '../../store/state/pings.ts';

const everyMs = 250;

/**
 * Has PagerDuty send a ping and looks for the trace that an authentic one leaves; `false` when there is none in time.
 * Throws what PagerDuty says to the question.
 */
export async function askForPing(
  { api, store, clock }: { api: PagerDutyApi; store: Store; clock: Clock },
  subscription: string,
  patienceMs: number,
): Promise<boolean> {
  const before = await readPingAt(store, subscription);
  await pingSubscription(api, subscription);
  for (const until = clock.now() + patienceMs; clock.now() < until; ) {
    const at = await readPingAt(store, subscription);
    if (at !== undefined && at !== before) return true;
    await clock.sleep(everyMs);
  }
  return false;
}
