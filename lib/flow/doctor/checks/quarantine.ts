import { eachQuarantined } from '../../../store/events/quarantine.ts';
import { type Check, orOk, warning } from '../check.ts';

export const quarantine: Check = {
  name: 'quarantine',
  async look({ store }) {
    let count = 0;
    for await (const row of eachQuarantined(store)) if (row['replayed_at'] === undefined) count += 1;
    const findings =
      count === 0
        ? []
        : [
            warning(
              `${count} authentic ${count === 1 ? 'webhook' : 'webhooks'} could not be read`,
              'npx pdbridge quarantine ls',
            ),
          ];
    return orOk(findings, 'empty');
  },
};
