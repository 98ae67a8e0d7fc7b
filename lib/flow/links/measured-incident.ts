import type { CountedFacts } from '../../domain/incident-filter/counted-facts.ts';
import type { Suffering } from '../../domain/links/facts.ts';
import type { MeasuredIncident } from '../../domain/metrics/facts.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { IncidentFacts } from '../../store/incidents/by-day.ts';
import { msOf, namesOf, textOf } from './row-values.ts';

/** An incident of the index as the formulas want it; undefined for one whose beginning nobody has told. */
export function measuredIncident(id: string, facts: IncidentFacts): MeasuredIncident | undefined {
  const startedAtMs = msOf(facts.started_at);
  if (startedAtMs === undefined) return undefined;
  return {
    id,
    services: namesOf(facts.services),
    team: textOf(facts.team),
    env: textOf(facts.env),
    startedAtMs,
    finishedAtMs: msOf(facts.finished_at),
    timeToRestoreSeconds:
      typeof facts.time_to_restore_seconds === 'number' ? facts.time_to_restore_seconds : undefined,
    merged: facts.merged_into !== undefined,
  };
}

/** By what `counts:` chooses it, as the incident is now. */
export function countedFactsOf(facts: IncidentFacts): CountedFacts {
  const id = textOf(facts.pagerduty_service_id);
  const name = textOf(facts.pagerduty_service_name);
  return {
    priority: textOf(facts.priority),
    urgency: textOf(facts.urgency),
    incidentType: textOf(facts.incident_type),
    pagerdutyService: id === undefined ? undefined : { id, ...(name !== undefined && { name }) },
    services: namesOf(facts.services),
    team: textOf(facts.team),
    env: textOf(facts.env),
    source: textOf(facts.source) ?? 'pagerduty',
    person: facts.person_involved === true,
  };
}

/** As a link is judged by it. */
export const sufferingOf = (incident: MeasuredIncident, facts: IncidentFacts): Suffering => ({
  services: incident.services,
  team: incident.team,
  env: incident.env,
  startedAtMs: incident.startedAtMs,
  finishedAtMs: incident.finishedAtMs,
  mergedInto: textOf(facts.merged_into),
  commitSha: textOf(facts.git_commit_sha),
  version: textOf(facts.version),
  deploymentId: textOf(facts.named_deployment_id),
  person: saidOf(facts.cause_said),
});

/** What a person said of the cause, as the row has it. */
function saidOf(value: unknown): Suffering['person'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { deployment_id, by, note } = value as Row;
  return { deploymentId: textOf(deployment_id) ?? null, who: textOf(by), note: textOf(note) };
}
