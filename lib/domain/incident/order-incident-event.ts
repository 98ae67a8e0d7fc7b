import type { IncidentEvent } from './incident-event.ts';

/**
 * The same event with its keys in the published order and absent facts left out. DynamoDB gives a map back in
 * any order, so an event read from `outgoing` passes through here before it is turned into bytes.
 */
export function orderIncidentEvent(event: Undefinable<IncidentEvent>): IncidentEvent {
  const { cause, incident, match, pagerduty } = event;
  return present({
    version: event.version,
    id: event.id,
    sequence: event.sequence,
    type: event.type,
    occurred_at: event.occurred_at,
    late: event.late,
    services: event.services,
    team: event.team,
    env: event.env,
    severity: event.severity,
    name: event.name,
    started_at: event.started_at,
    finished_at: event.finished_at,
    source: event.source,
    imported: event.imported,
    what: event.what,
    by: event.by && present({ id: event.by.id, name: event.by.name, type: event.by.type }),
    detail: event.detail && sorted(event.detail),
    incident: present({
      id: incident.id,
      number: incident.number,
      url: incident.url,
      status: incident.status,
      urgency: incident.urgency,
      priority: incident.priority,
      triggered_at: incident.triggered_at,
      acknowledged_at: incident.acknowledged_at,
      time_to_acknowledge_seconds: incident.time_to_acknowledge_seconds,
      time_to_restore_seconds: incident.time_to_restore_seconds,
      reopen_count: incident.reopen_count,
      merged_into: incident.merged_into,
      inferred: incident.inferred,
      type: incident.type,
      key: incident.key,
      assignees: incident.assignees?.map(({ id, name }) => present({ id, name })),
      escalation_policy:
        incident.escalation_policy &&
        present({ id: incident.escalation_policy.id, name: incident.escalation_policy.name }),
      client: incident.client && present({ name: incident.client.name, url: incident.client.url }),
      conference_bridge:
        incident.conference_bridge &&
        present({ number: incident.conference_bridge.number, url: incident.conference_bridge.url }),
      custom_fields: sorted(incident.custom_fields),
      external_id: incident.external_id,
      version: incident.version,
      git:
        incident.git &&
        present({
          commit_sha: incident.git.commit_sha,
          repository_id: incident.git.repository_id,
          repository_url: incident.git.repository_url,
        }),
      custom_tags: incident.custom_tags,
      withdrawn_at: incident.withdrawn_at,
    }),
    match: present({
      rule: match.rule,
      explanation: match.explanation,
      datadog_services: match.datadog_services,
      datadog_team: match.datadog_team,
    }),
    cause:
      cause &&
      present({
        deployment_id: cause.deployment_id,
        version: cause.version,
        commit_sha: cause.commit_sha,
        finished_at: cause.finished_at,
        rule: cause.rule,
        explanation: cause.explanation,
      }),
    pagerduty: pagerduty && {
      service: present({
        id: pagerduty.service.id,
        name: pagerduty.service.name,
        url: pagerduty.service.url,
      }),
      teams: pagerduty.teams.map(({ id, name }) => present({ id, name })),
    },
  }) as IncidentEvent;
}

/** Custom fields are the users' own: by name, all the way down. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/** Facts that may be absent may also be given as undefined. */
type Undefinable<T> = unknown extends T
  ? T
  : T extends unknown[] | string | number | boolean | null
    ? T
    : { [K in keyof T]: Undefinable<T[K]> | (object extends Pick<T, K> ? undefined : never) };
