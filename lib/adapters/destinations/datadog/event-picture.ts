import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';
import { derivedId } from '../../../domain/subject/derived-id.ts';
import { cut, cutVisibly } from '../../../domain/text/cut.ts';
import { duration } from '../../../domain/text/duration.ts';

/** What one event at Datadog says of an incident, but when. */
export interface EventPicture {
  title: string;
  text: string;
  alert_type: 'error' | 'success' | 'info';
  tags: string[];
  aggregation_key: string;
}

/** Datadog's bounds. https://docs.datadoghq.com/api/latest/events/#post-an-event */
const longestTitle = 100;
const longestText = 3_900;
const longestKey = 100;
const longestTag = 200;

/** Events of one incident have one key, so that Datadog shows them as one. */
export function aggregationKey({ incident, pagerduty }: IncidentEvent): string {
  const key = pagerduty ? `pagerduty:${incident.id}` : incident.id;
  return key.length <= longestKey ? key : `incident:${derivedId([key])}`;
}

/** The incident as it is now. Names, which people write, may be missing: `content: minimal`. */
export function eventPicture(event: IncidentEvent, tags: readonly string[]): EventPicture {
  const { incident, name, services = [], team } = event;
  const whose = services.length > 0 ? services.join(', ') : (team ?? 'nobody');
  const called = name ?? `Incident ${incident.number ?? incident.id} of ${whose}`;
  const lines = linesOf(event).map(([label, value]) => `${label}: ${value}`);
  return {
    title: cutVisibly(`[${standing(event)}] ${called}`, longestTitle),
    text: cutVisibly([called, '', ...lines].join('\n'), longestText),
    alert_type: alertType(event),
    tags: [...tags, ...tagsOf(event)].map((tag) => cut(tag, longestTag)),
    aggregation_key: aggregationKey(event),
  };
}

function standing({ incident }: IncidentEvent): string {
  if (incident.merged_into !== null) return 'merged';
  return incident.withdrawn_at === undefined ? incident.status : 'withdrawn';
}

function alertType(event: IncidentEvent): EventPicture['alert_type'] {
  const now = standing(event);
  if (now === 'resolved') return 'success';
  return now === 'merged' || now === 'withdrawn' ? 'info' : 'error';
}

function linesOf(event: IncidentEvent): [string, string][] {
  const { incident, services = [], team, env, severity, match } = event;
  const { merged_into, time_to_restore_seconds: seconds, reopen_count } = incident;
  const lines: [string, string | undefined][] = [
    ['Status', standing(event)],
    ['Services', services.join(', ') || undefined],
    ['Team', team],
    ['Environment', env],
    ['Severity', severity],
    ['Started', event.started_at],
    ['Finished', event.finished_at],
    ['Time to restore', seconds === undefined ? undefined : duration(seconds)],
    ['Reopened', reopen_count > 0 ? `${reopen_count} times` : undefined],
    ['Merged into', merged_into ?? undefined],
    ['Whose it is', match.explanation],
    ['Link', incident.url],
  ];
  return lines.filter((line): line is [string, string] => line[1] !== undefined);
}

function tagsOf(event: IncidentEvent): string[] {
  const { incident, source, env, severity } = event;
  const services = event.match.datadog_services ?? event.services ?? [];
  const team = event.match.datadog_team ?? event.team;
  const { time_to_restore_seconds: seconds, custom_tags = [], inferred = [] } = incident;
  const tags: [string, string | number | undefined][] = [
    ['incident_id', incident.id],
    ['incident_status', standing(event)],
    ...services.map((service): [string, string] => ['service', service]),
    ['team', team],
    ['env', env],
    ['severity', severity],
    ['source_of_incident', source],
    ['version', incident.version],
    ['started_at', event.started_at],
    ['finished_at', event.finished_at],
    ['time_to_restore_seconds', seconds],
    ...inferred.map((fact): [string, string] => ['inferred', fact]),
  ];
  const known = tags.filter(([, value]) => value !== undefined);
  return [...known.map(([key, value]) => `${key}:${value}`), ...custom_tags];
}
