import type { Because } from './because.ts';
import type { Calendar } from './calendar.ts';
import { changeFailureRate } from './change-failure-rate.ts';
import type { Records } from './facts.ts';
import type { Figures } from './figures.ts';
import { recoveryTime } from './recovery-time.ts';
import { isDuring, isOpen, type Range } from './scope.ts';
import { frequency, leadTime, reworkRate } from './throughput.ts';
import { timeToRestore } from './time-to-restore.ts';

/**
 * The numbers of these records in a range, computed from the rows as they are now; docs/metrics.md has the formulas.
 * Deployments count by their finish, change failure rate counts incidents by their start, time to restore by their
 * end.
 */
export function measure(records: Records, range: Range, calendar: Calendar): Figures {
  const reasons: Record<string, string> = {};
  const because: Because = (path, reason) => {
    reasons[path] = reason;
    return null;
  };
  const finished = records.deployments.filter(({ finishedAtMs }) => isDuring(range, finishedAtMs));
  const deployments = finished.filter(({ status }) => status === 'succeeded');
  const incidents = records.incidents.filter(({ merged }) => !merged);
  const started = incidents.filter(({ startedAtMs }) => isDuring(range, startedAtMs));
  const resolved = incidents.filter(
    ({ finishedAtMs }) => finishedAtMs !== undefined && isDuring(range, finishedAtMs),
  );
  const rangeMs = range.period?.coveredMs ?? range.toMs - range.fromMs;
  return {
    deployments: frequency(because, { finished: finished.length, deployments }, rangeMs, calendar),
    change_failure_rate: changeFailureRate(because, deployments, started, records.isDeployed),
    time_to_restore: timeToRestore(because, resolved),
    failed_deployment_recovery_time: recoveryTime(because, deployments),
    change_lead_time: leadTime(because, deployments),
    rework_rate: reworkRate(because, deployments),
    open_incidents: incidents.filter((each) => isOpen(range, each)).length,
    reasons,
  };
}
