import { PagerDutyFault } from '../../../adapters/pagerduty-api/pagerduty-fault.ts';
import { askForPing } from '../../subscribe/ask-for-ping.ts';
import { type Check, fault, ok, skipped } from '../check.ts';
import { ourSubscriptions } from './subscription.ts';

const patienceMs = 10_000;

/** Whether the secret that PagerDuty signs with is ours, which nothing but a signed request can show. */
export const ping: Check = {
  name: 'ping',
  limitMs: patienceMs + 5_000,
  async look(deps) {
    const { pagerDuty, clock, store } = deps;
    if (!deps.ping) return skipped('is asked for only with --ping', 'npx pdbridge doctor --ping');
    const ours = await ourSubscriptions(deps);
    const [first] = typeof ours === 'string' ? [] : ours;
    if (pagerDuty === undefined || first === undefined)
      return skipped('there is no subscription to ask for it');
    try {
      if (await askForPing({ api: pagerDuty, store, clock }, first.id, patienceMs))
        return ok(`a ping of ${first.id} came, and its signature is right`);
    } catch (error) {
      if (!(error instanceof PagerDutyFault)) throw error;
      if (error.code === 'forbidden')
        return skipped(
          'the key may not ask for a ping; one that may write is needed',
          'export PAGERDUTY_TOKEN=…',
        );
      return [fault(`${first.id}: ${error.message}`)];
    }
    const says = `no authentic ping of ${first.id} came within ${patienceMs / 1000} s: its secret is not among ours, or it does not reach the bridge`;
    return [fault(says, 'docs/operating.md#rotating-secrets')];
  },
};
