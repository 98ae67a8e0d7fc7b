import { identifyById } from '../deployment/identify.ts';
import { environmentOf } from './environment.ts';
import { inferredFacts } from './inferred.ts';
import type { IncidentSettings } from './settings.ts';
import { severityOf } from './severity.ts';
import { countOf, type IncidentState, type LeftService } from './state.ts';
import { finishedAt, secondsToAcknowledge, secondsToRestore, startedAt } from './times.ts';

/** The attributes of an `incidents` row that follow from the fold. An absent one is to be removed from the row. */
export interface IncidentAttributes {
  number?: number | undefined;
  title?: string | undefined;
  url?: string | undefined;
  /** Absent while no event has told it: only notes and the like were seen. */
  status?: 'triggered' | 'acknowledged' | 'resolved' | undefined;
  urgency?: string | undefined;
  severity?: string | undefined;
  priority?: string | undefined;
  incident_type?: string | undefined;
  env?: string | undefined;
  pagerduty_service_id?: string | undefined;
  pagerduty_service_name?: string | undefined;
  pagerduty_service_url?: string | undefined;
  /** Names, or ids where a name is missing. */
  pagerduty_teams?: string[] | undefined;
  former_services?: LeftService[] | undefined;
  started_at?: string | undefined;
  acknowledged_at?: string | undefined;
  finished_at?: string | undefined;
  time_to_acknowledge_seconds?: number | undefined;
  time_to_restore_seconds?: number | undefined;
  /** Names of those above that were concluded instead of seen; see inferred.ts. */
  inferred?: string[] | undefined;
  reopen_count: number;
  escalation_count: number;
  reassignment_count: number;
  delegation_count: number;
  note_count: number;
  status_update_count: number;
  event_count: number;
  /** Every type seen and how often: responders, tasks, roles, workflows and actions are recorded here. */
  events_by_type: Record<string, number>;
  merged_into?: string | undefined;
  custom_fields: Record<string, unknown>;
  /** Some event names a user as its agent. */
  person_involved?: true | undefined;
  last_event_at?: string | undefined;
  /** Who told of the incident: `pagerduty`, `dora_api`, … */
  source: string;
  /** What another program has reported, from here on. */
  external_id?: string | undefined;
  version?: string | undefined;
  git_commit_sha?: string | undefined;
  repository_id?: string | undefined;
  repository_url?: string | undefined;
  custom_tags?: readonly string[] | undefined;
  /** The deployment that a tag `deployment:<id>` names as its cause. */
  named_deployment_id?: string | undefined;
  /** Who reported it has taken it back: it counts nowhere. */
  withdrawn_at?: string | undefined;
}

export function incidentAttributes(
  state: IncidentState,
  config: IncidentSettings,
  facts: { envHeader?: string | undefined } = {},
): IncidentAttributes {
  const inferred = inferredFacts(state);
  const { reported } = state;
  return {
    number: state.number,
    title: state.title,
    url: state.url,
    status: state.status,
    urgency: state.urgency,
    severity: severityOf(state, config),
    priority: state.priority,
    incident_type: state.incident_type,
    env: environmentOf(state, facts.envHeader, config),
    pagerduty_service_id: state.service?.id,
    pagerduty_service_name: state.service?.name,
    pagerduty_service_url: state.service?.url,
    pagerduty_teams: reported ? undefined : state.teams.map(({ id, name }) => name ?? id),
    former_services: reported ? undefined : state.left_services.filter(({ id }) => id !== state.service?.id),
    started_at: startedAt(state),
    acknowledged_at: state.acknowledged_at,
    finished_at: finishedAt(state),
    time_to_acknowledge_seconds: secondsToAcknowledge(state),
    time_to_restore_seconds: secondsToRestore(state),
    inferred: inferred.length > 0 ? inferred : undefined,
    reopen_count: state.reopen_count,
    escalation_count: countOf(state, 'incident.escalated'),
    reassignment_count: countOf(state, 'incident.reassigned'),
    delegation_count: countOf(state, 'incident.delegated'),
    note_count: countOf(state, 'incident.annotated'),
    status_update_count: countOf(state, 'incident.status_update_published'),
    event_count: state.event_count,
    events_by_type: state.counts,
    merged_into: state.merged_into,
    custom_fields: state.custom_fields,
    person_involved: state.person,
    last_event_at: state.last_event_at,
    source: reported?.source ?? 'pagerduty',
    external_id: reported?.external_id,
    version: reported?.facts.version,
    git_commit_sha: reported?.facts.commit_sha,
    repository_id: reported?.facts.repository_id,
    repository_url: reported?.facts.repository_url,
    custom_tags: reported?.facts.custom_tags,
    named_deployment_id: namedDeployment(reported?.facts.custom_tags),
    withdrawn_at: state.withdrawn_at,
  };
}

const deploymentTag = 'deployment:';

/** By the id it has here, as every id from outside. */
function namedDeployment(tags: readonly string[] = []): string | undefined {
  const tag = tags.find((each) => each.startsWith(deploymentTag) && each.length > deploymentTag.length);
  return tag === undefined ? undefined : identifyById(tag.slice(deploymentTag.length).trim()).id;
}
