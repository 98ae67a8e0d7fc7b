import { type Because, quotient } from './because.ts';
import type { MeasuredDeployment, MeasuredIncident } from './facts.ts';
import type { Figures } from './figures.ts';

/**
 * Both readings of change failure rate: incidents by deployments (Datadog's until 2026), and deployments that failed
 * by deployments (DORA's, and Datadog's since). They differ whenever one change causes several incidents.
 * `started` are the incidents that began in the range.
 */
export function changeFailureRate(
  because: Because,
  deployments: readonly MeasuredDeployment[],
  started: readonly MeasuredIncident[],
  isDeployed: (incident: MeasuredIncident) => boolean,
): Figures['change_failure_rate'] {
  const incidents = started.filter(isDeployed).length;
  const failed = deployments.filter(({ changeFailure }) => changeFailure === true).length;
  const rate = (name: string, dividend: number) =>
    quotient(because, `change_failure_rate.${name}`, [dividend, deployments.length], 'no deployments');
  return {
    incidents_per_deployment: rate('incidents_per_deployment', incidents),
    failed_deployments: rate('failed_deployments', failed),
    incidents,
    failed,
    deployments: deployments.length,
    not_counted_incidents: started.length - incidents,
    not_yet_judged: deployments.filter(({ changeFailure }) => changeFailure === undefined).length,
  };
}
