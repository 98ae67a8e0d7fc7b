import type { Check } from './check.ts';

export const neverCrowded: Check = {
  name: 'a destination gets no more at once than it has asked for',
  look: ({ run }, broken) => {
    // Workers whose clocks differ, or who stand still, may take what another one still has for free.
    if (run.faults > 0 || run.scenario.skewMs > 2_500) return;
    for (const { plan, receipts } of run.receivers.values()) {
      const { mostAtOnce } = plan;
      // Added or changed by a deployment: old and new workers run side by side for a while.
      if (mostAtOnce === undefined || run.scenario.deployments.length > 1) continue;
      for (const { at } of receipts) {
        const underWay = receipts.filter(({ at: from, heardAt = from }) => from <= at && heardAt > at).length;
        if (underWay > mostAtOnce) {
          broken(`${plan.name} had ${underWay} at once at ${new Date(at).toISOString()}, of ${mostAtOnce}`);
          return;
        }
      }
    }
  },
};
