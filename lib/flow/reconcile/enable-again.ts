import { PagerDutyFault } from '../../adapters/pagerduty-api/pagerduty-fault.ts';
import type { Run } from './run.ts';

const dayMs = 86_400_000;
/** What PagerDuty disables again and again is answered with refusals: each time is three events lost for good. */
const mostADay = 3;

/**
 * Enables a subscription that PagerDuty has disabled, at most three times a day, where that is wanted. It is counted
 * before it is done, so that a worker that dies cannot do it without end.
 */
export async function enableAgain(
  { deps, state, save }: Pick<Run, 'deps' | 'state' | 'save'>,
  subscriptionId: string,
): Promise<void> {
  const { clock, telemetry, enable } = deps;
  if (enable === undefined) return;
  const fields = { subscription_id: subscriptionId };
  const now = clock.now();
  state.enabledMs = state.enabledMs.filter((at) => at > now - dayMs);
  if (state.enabledMs.length >= mostADay) {
    telemetry.error('a subscription was enabled three times within a day and is disabled again', fields);
    return;
  }
  state.enabledMs.push(now);
  await save();
  try {
    await enable(subscriptionId);
    telemetry.warn('a subscription that PagerDuty had disabled was enabled', fields);
  } catch (error) {
    if (!(error instanceof PagerDutyFault)) throw error;
    telemetry.error('a subscription could not be enabled', { ...fields, error });
  }
}
