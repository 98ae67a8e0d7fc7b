import type { Match } from '../matching/match.ts';
import type { Announced } from './dialect.ts';
import { environmentOf } from './environment.ts';
import type { IncidentEvent } from './incident-event.ts';
import { inferredFacts } from './inferred.ts';
import type { LoggedEvent } from './logged-event.ts';
import { orderIncidentEvent } from './order-incident-event.ts';
import type { IncidentSettings } from './settings.ts';
import { severityOf } from './severity.ts';
import type { IncidentState, ReportedFacts } from './state.ts';
import { finishedAt, secondsToAcknowledge, secondsToRestore, startedAt } from './times.ts';

export interface RenderInput {
  /** As of the event, or the current one if the event is late. */
  state: IncidentState;
  event: LoggedEvent;
  match: Omit<Match, 'trace'>;
  config: IncidentSettings;
  /** The `dd_env` header of the incident's first processed event. */
  envHeader: string | undefined;
  /** What the event itself announces; absent where its body is not at hand any more. */
  announcement?: Announced | undefined;
  /** As recorded when the event is frozen; absent where no deployment is known to have caused it. */
  cause?: IncidentEvent['cause'] | undefined;
  /** What the event is to the incident, where that is not what its row says. */
  type?: string | undefined;
  sequence: number;
  late: boolean;
}

/** The normalized event. The same input always gives the same bytes; what changes them is a new `version`. */
export function renderIncidentEvent(input: RenderInput): IncidentEvent {
  const { state, event, match } = input;
  const { service, reported } = state;
  if (service === undefined && reported === undefined) {
    throw new Error(
      `Incident ${state.incident_id} cannot go out: no event has named its PagerDuty service yet.`,
    );
  }
  const inferred = namesOfInferred(state);
  return orderIncidentEvent({
    version: '1',
    id: event.eventId,
    sequence: input.sequence,
    type: input.type ?? event.eventType,
    occurred_at: event.occurredAt,
    late: input.late ? true : undefined,
    services: match.services.length > 0 ? match.services : undefined,
    team: match.team,
    env: environmentOf(state, input.envHeader, input.config),
    severity: severityOf(state, input.config),
    name: state.title,
    started_at: startedAt(state) ?? state.first_event_at ?? event.occurredAt,
    finished_at: finishedAt(state),
    source: reported?.source ?? 'pagerduty',
    imported: event.imported === 'history' ? true : undefined,
    what: input.announcement?.what,
    by: input.announcement?.by,
    detail: input.announcement?.detail,
    incident: {
      id: state.incident_id,
      number: state.number,
      url: state.url,
      status: state.status ?? 'triggered',
      urgency: state.urgency,
      priority: state.priority,
      triggered_at: state.triggered_at,
      acknowledged_at: state.acknowledged_at,
      time_to_acknowledge_seconds: secondsToAcknowledge(state),
      time_to_restore_seconds: secondsToRestore(state),
      reopen_count: state.reopen_count,
      merged_into: state.merged_into ?? null,
      inferred: inferred.length > 0 ? inferred : undefined,
      type: state.incident_type,
      key: state.incident_key,
      assignees: state.assignees?.length ? state.assignees : undefined,
      escalation_policy: state.escalation_policy,
      client: state.client,
      conference_bridge: state.conference_bridge,
      custom_fields: state.custom_fields,
      ...(reported && reportedFacts(reported)),
      withdrawn_at: state.withdrawn_at,
    },
    match: {
      rule: match.rule,
      explanation: match.explanation,
      datadog_services: match.datadog_services,
      datadog_team: match.datadog_team,
    },
    cause: input.cause,
    pagerduty: service && { service, teams: state.teams },
  });
}

function reportedFacts({ external_id, facts }: ReportedFacts) {
  const { version, commit_sha, repository_id, repository_url, custom_tags } = facts;
  const git = commit_sha ?? repository_id ?? repository_url;
  return {
    external_id,
    version,
    git: git === undefined ? undefined : { commit_sha, repository_id, repository_url },
    custom_tags: custom_tags && [...custom_tags],
  };
}

/** A thin event that waited for its incident to be named goes out without anything having told a status. */
function namesOfInferred(state: IncidentState): string[] {
  if (state.status !== undefined) return inferredFacts(state);
  const start = state.created_at === undefined ? ['started_at'] : [];
  return ['status', ...start, ...inferredFacts(state)];
}
