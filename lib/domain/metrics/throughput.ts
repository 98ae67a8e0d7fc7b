import { type LeadTimeReason, leadTimeSentence } from '../deployment/lead-time/reasons.ts';
import { type Because, quotient } from './because.ts';
import type { Calendar } from './calendar.ts';
import type { MeasuredDeployment } from './facts.ts';
import type { Figures } from './figures.ts';
import { ascending, quantile } from './quantile.ts';

const dayMs = 86_400_000;

/** How often is deployed. `finished` are all deployments that ended in the range, `deployments` the successful ones. */
export function frequency(
  because: Because,
  { finished, deployments }: { finished: number; deployments: readonly MeasuredDeployment[] },
  rangeMs: number,
  calendar: Calendar,
): Figures['deployments'] {
  const days = rangeMs / dayMs;
  return {
    count: deployments.length,
    failed: finished - deployments.length,
    per_day: quotient(because, 'deployments.per_day', [deployments.length, days], 'the range is empty'),
    days_with_deployments: new Set(deployments.map(({ finishedAtMs }) => calendar.dayOf(finishedAtMs))).size,
  };
}

/** From commit to the finish of the deployment that brought it; known only where a git host was asked. */
export function leadTime(
  because: Because,
  deployments: readonly MeasuredDeployment[],
): Figures['change_lead_time'] {
  const seconds = ascending(deployments.flatMap(({ leadTimeSeconds }) => leadTimeSeconds ?? []));
  const none = deployments.length === 0 ? 'no deployments' : whyNone(deployments);
  return {
    count: seconds.length,
    median_seconds: quantile(seconds, 0.5) ?? because('change_lead_time.median_seconds', none),
  };
}

/** The commonest reason first: it is the one to do something about. */
function whyNone(deployments: readonly MeasuredDeployment[]): string {
  const counts = new Map<LeadTimeReason, number>();
  for (const { leadTimeReason: reason } of deployments)
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [commonest] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const none = 'the commits of no deployment are known';
  if (!commonest) return none;
  const [reason, count] = commonest;
  const sentence = leadTimeSentence(reason).replace(/\.$/, '');
  return `${none}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)} (${count} of ${deployments.length})`;
}

export function reworkRate(
  because: Because,
  deployments: readonly MeasuredDeployment[],
): Figures['rework_rate'] {
  const count = deployments.filter(({ kind }) => kind === 'rollback' || kind === 'rollforward').length;
  return {
    count,
    deployments: deployments.length,
    rate: quotient(because, 'rework_rate.rate', [count, deployments.length], 'no deployments'),
  };
}
