import type { Check } from './check.ts';
import { ownDeployments } from './linking.ts';

/** A process that stood still may send an old picture after a newer one; nobody can call it back. */
const wasOvertaken = (faults: Record<string, number>): boolean =>
  Object.keys(faults).some((name) => name.endsWith('to datadog | late_effect'));

export const rightMarks: Check = {
  name: "Datadog's picture of a deployment is ours in the end: that it is there, whether it failed, and what put it right",
  look: (evidence, broken) => {
    const { run, deployments } = evidence;
    const held = run.receivers.get('marks')?.deployments?.held;
    if (!held || wasOvertaken(run.tally.faults)) return;
    const own = new Map(ownDeployments(evidence).map((row) => [`deployment:${row['deployment_id']}`, row]));
    for (const { id, deliveries } of deployments) {
      // What was given up is said to be; a person sends it again.
      if (deliveries.some(({ destination, status }) => destination === 'marks' && status === 'dead'))
        continue;
      const row = own.get(id);
      const isThere = row?.['status'] === 'succeeded' && row['finished_at'] !== undefined;
      const there = held.get(id.slice('deployment:'.length));
      if (!isThere) {
        if (there) broken(`${id} is ${row?.['status'] ?? 'none of its own'}, and Datadog holds it`);
        continue;
      }
      if (!there) {
        broken(`${id} is not at Datadog`);
        continue;
      }
      const failed = row['change_failure'] === true;
      if ((there.changeFailure ?? false) !== failed)
        broken(`${id} has ${failed ? '' : 'not '}failed, and Datadog says ${there.changeFailure}`);
      if (failed && there.remediation?.id !== row['remediation_id'])
        broken(`${id} was put right by ${row['remediation_id']}, and Datadog says ${there.remediation?.id}`);
    }
  },
};
