import { isSelected } from '../../domain/incident-filter/criteria.ts';
import { causeOf } from '../../domain/links/cause.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import type { IncidentFacts } from '../../store/incidents/by-day.ts';
import { type LinkConfig, type LinkDeps, windowOf } from './deps.ts';
import { countedFactsOf, measuredIncident, sufferingOf } from './measured-incident.ts';
import { withNamed } from './own-id.ts';
import { readSuspects } from './read-suspects.ts';
import { type RecordedCause, recordedCause } from './recorded-cause.ts';

/**
 * What caused an incident, by what its row says of it and by the deployments that are known now. Undefined while
 * nobody has told when it began.
 */
export async function judgeIncident(deps: LinkDeps, row: Row): Promise<RecordedCause | undefined> {
  const measured = measuredIncident(String(row['incident_id']), row as IncidentFacts);
  if (!measured) return undefined;
  const suffering = await withNamed(deps, sufferingOf(measured, row as IncidentFacts));
  const suspects = suffering.mergedInto && !suffering.person ? [] : await readSuspects(deps, suffering);
  const { link, deployment, remediation } = causeOf(suffering, suspects, { windowMs: windowOf(deps.config) });
  if (link.deploymentId === undefined) return { rule: link.rule, explanation: link.explanation };
  const { service, env, version, commitSha, finishedAtMs } = deployment ?? {};
  return {
    rule: link.rule,
    explanation: link.explanation,
    deployment: {
      id: link.deploymentId,
      ...(service !== undefined && { service_env: serviceEnvOf(service, env) }),
      ...(version !== undefined && { version }),
      ...(commitSha !== undefined && { commit_sha: commitSha }),
      ...(finishedAtMs !== undefined && { finished_at: iso(finishedAtMs) }),
      ...(remediation && { remediation_id: remediation.id }),
    },
  };
}

/** The deployment that has to answer for the incident: one that counts, and that nobody has taken back. */
export function blamed(config: LinkConfig, row: Row): string | undefined {
  if (row['withdrawn_at'] !== undefined) return undefined;
  const counts =
    config.counts === undefined || isSelected(config.counts, countedFactsOf(row as IncidentFacts));
  return counts ? recordedCause(row)?.deployment?.id : undefined;
}

/**
 * Stands for everything on the incident's own side that its cause depends on: while it is the same, only a deployment
 * can change the cause, and that looks after its incidents itself.
 */
export function judgedBy(config: LinkConfig, row: Row): string {
  const facts = row as IncidentFacts;
  const id = 'any';
  const measured = measuredIncident(id, facts);
  const suffering = measured && sufferingOf(measured, facts);
  // When it was over matters to what it names and to what put its cause right.
  const names = suffering?.commitSha ?? suffering?.version ?? row['cause_deployment_id'];
  const end = names === undefined && { finishedAtMs: undefined };
  const counted = [row['withdrawn_at'], config.counts && isSelected(config.counts, countedFactsOf(facts))];
  return derivedId([
    'cause',
    { ...suffering, ...end },
    windowOf(config),
    counted.map((each) => each ?? null),
  ]);
}
