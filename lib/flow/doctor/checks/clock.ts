import { PagerDutyFault } from '../../../adapters/pagerduty-api/pagerduty-fault.ts';
import { type Check, ok, skipped, warning } from '../check.ts';
import { noKey, setKey } from './token.ts';

const toleratedMs = 30_000;

export const clock: Check = {
  name: 'clock',
  async look({ pagerDuty, clock: own }) {
    if (pagerDuty === undefined) return skipped(noKey, setKey);
    try {
      const { headers } = await pagerDuty.call({ method: 'GET', path: '/abilities' });
      const theirs = Date.parse(headers['date'] ?? '');
      if (Number.isNaN(theirs)) return skipped('PagerDuty did not say what time it is');
      const off = Math.round((own.now() - theirs) / 1000);
      if (Math.abs(off) * 1000 <= toleratedMs) return ok('as PagerDuty’s, to the half minute');
      return [
        warning(`this machine’s clock is ${Math.abs(off)} s ${off > 0 ? 'ahead of' : 'behind'} PagerDuty’s`),
      ];
    } catch (error) {
      if (error instanceof PagerDutyFault) return skipped('PagerDuty did not answer');
      throw error;
    }
  },
};
