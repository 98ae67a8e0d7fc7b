import type { Suffering } from '../../domain/links/facts.ts';
import { link } from '../../domain/links/link.ts';
import { judgeDeployments, type KnownDeployment } from '../../domain/metrics/judge-deployments.ts';
import { windowOf } from '../links/deps.ts';
import { type MeasureDeps, readKnown } from './read-records.ts';

/** Which deployment an incident would be laid to if it were reported now, in a sentence. */
export async function previewCause(deps: MeasureDeps, incident: Suffering): Promise<string> {
  const { deployments } = await readKnown(deps, incident.startedAtMs);
  return link(incident, deployments, { windowMs: windowOf(deps.config) }).explanation;
}

/** Which incidents a deployment would be the cause of if it were reported now, in a sentence. */
export async function previewCaused(deps: MeasureDeps, deployment: KnownDeployment): Promise<string> {
  const fromMs = deployment.startedAtMs ?? deps.nowMs;
  const { deployments, incidents } = await readKnown(deps, fromMs);
  const others = deployments.filter(({ id }) => id !== deployment.id);
  const { links } = judgeDeployments(
    [...others, deployment],
    incidents,
    { windowMs: windowOf(deps.config) },
    deps.nowMs,
  );
  const caused = [...links].flatMap(([id, { deploymentId }]) => (deploymentId === deployment.id ? [id] : []));
  if (caused.length === 0) return 'No incident that is known would be laid to it.';
  return `It would be the cause of ${caused.sort().join(', ')}.`;
}
