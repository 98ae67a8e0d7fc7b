import type { DeploymentReport } from '../deployment-report.ts';
import type { Arrival, Tracking } from './tracking.ts';

/**
 * The deployment that an arrival is. Nobody has said when it was finished: telemetry shows when it was there, so it
 * begins and ends with that.
 */
export function arrivalReport({ service, namespace, env }: Tracking, arrival: Arrival): DeploymentReport {
  const { version, started, commit_sha, repository_url, repository_id, again } = arrival;
  const at = new Date(started).toISOString();
  return {
    source: 'telemetry',
    service,
    env,
    version,
    status: 'succeeded',
    started_at: at,
    finished_at: at,
    commit_sha,
    repository_url,
    repository_id,
    ran_before: again,
    custom_tags: namespace === undefined ? [] : [`service.namespace:${namespace}`],
  };
}
