import { PagerDutyFault } from '../../../adapters/pagerduty-api/pagerduty-fault.ts';
import { type Check, fault, ok, skipped } from '../check.ts';

export const noKey = 'needs a REST API key of PagerDuty';
export const setKey = 'export PAGERDUTY_TOKEN=…';

/** The cheapest question that needs a key. Whether it may write cannot be asked. */
export const token: Check = {
  name: 'token',
  async look({ pagerDuty }) {
    if (pagerDuty === undefined) return skipped(noKey, setKey);
    try {
      await pagerDuty.call({ method: 'GET', path: '/abilities' });
      return ok(`${pagerDuty.host} takes it; whether it may also write is not known`);
    } catch (error) {
      if (error instanceof PagerDutyFault) return [fault(error.message, setKey)];
      throw error;
    }
  },
};
