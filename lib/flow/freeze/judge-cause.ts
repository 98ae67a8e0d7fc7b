import type { IncidentEvent } from '../../domain/incident/incident-event.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { judgedBy } from '../links/judge-incident.ts';
import { recordedCause } from '../links/recorded-cause.ts';
import { causeOn } from '../links/rejudge.ts';
import type { ProcessDeps } from './deps.ts';
import { incidentFacts } from './incident-row.ts';
import { causeIn, type Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';

/**
 * Judges which deployment caused the incident, unless it was judged by all that it depends on: a deployment that comes
 * or changes later asks for it. Before anything is frozen, so that already the first event can tell. Changes `progress`.
 */
export async function judgeCause(deps: ProcessDeps, progress: Progress, pass: Pass): Promise<void> {
  const facts = incidentFacts(deps, progress, pass);
  const { cause, causeAsked } = progress;
  const row = { incident_id: pass.current.incident_id, ...facts, ...cause, ...causeAsked };
  const isAsked = causeAsked['cause_asked'] !== cause['cause_answered'];
  if (!isAsked && cause['cause_judged_by'] === judgedBy(deps.config, row)) return;
  progress.cause = causeIn(await causeOn(deps, row)).cause;
}

/** As incident events tell it. */
export function toldCause(row: Row): IncidentEvent['cause'] {
  const { rule, explanation, deployment } = recordedCause(row) ?? {};
  if (rule === undefined || rule === 'none' || explanation === undefined || !deployment) return undefined;
  const { id, version, commit_sha, finished_at } = deployment;
  return {
    deployment_id: id,
    ...(version !== undefined && { version }),
    ...(commit_sha !== undefined && { commit_sha }),
    ...(finished_at !== undefined && { finished_at }),
    rule,
    explanation,
  };
}
