import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';

/** What Datadog tells failures apart by: another value for one of these would make a second failure. */
export interface FailureIdentity {
  started_at: string;
  env?: string;
  /** Sorted. */
  services?: string[];
  team?: string;
}

export function identityOf(event: IncidentEvent): FailureIdentity {
  const { env } = event;
  const team = event.match.datadog_team ?? event.team;
  const services = event.match.datadog_services ?? event.services;
  return {
    started_at: toTheMillisecond(event),
    ...(env === undefined ? {} : { env }),
    ...(services === undefined || services.length === 0 ? {} : { services: services.toSorted() }),
    ...(team === undefined ? {} : { team }),
  };
}

/**
 * PagerDuty tells the start in whole seconds, and two incidents of one service in one second would be one failure.
 * The triggering event knows the milliseconds, so they stand in for those of the start.
 */
function toTheMillisecond({ started_at, incident: { triggered_at } }: IncidentEvent): string {
  if (triggered_at === undefined || !started_at.endsWith('.000Z')) return started_at;
  return `${started_at.slice(0, -5)}${triggered_at.slice(-5)}`;
}

/** Whichever milliseconds went out first stand: the triggering event may have come later than others. */
export function sameIdentity(a: FailureIdentity, b: FailureIdentity): boolean {
  const text = ({ started_at, env, services, team }: FailureIdentity) =>
    JSON.stringify([started_at.slice(0, -5), env, services, team]);
  return text(a) === text(b);
}

/**
 * Datadog wants 16 to 128 of these characters; without an id a failure can be sent but not deleted. What another
 * program reported keeps the id it has there, so that it is the same incident should it ever come back.
 */
export function failureId({ incident, pagerduty }: IncidentEvent): string | undefined {
  const id = pagerduty ? `pagerduty:${incident.id}` : (incident.external_id ?? '');
  return /^[a-zA-Z0-9_.:-]{16,128}$/.test(id) ? id : undefined;
}

/**
 * The body of POST /api/v2/dora/failure. Written as text because nanoseconds since 1970 exceed 2^53: as a
 * JavaScript number they would lose their last digits.
 * https://docs.datadoghq.com/api/latest/dora-metrics/#send-an-incident-event
 */
export function failureBody(
  event: IncidentEvent,
  identity: FailureIdentity,
  tags: readonly string[],
): string {
  const { name, severity, incident } = event;
  // Without a way to delete it, what was taken back is over at least.
  const finished_at = event.finished_at ?? incident.withdrawn_at;
  const own = ownTags(event);
  const given = [...tags, ...(incident.custom_tags ?? [])];
  const customTags = [...given.slice(0, mostTags - own.length), ...own];
  const attributes: [string, string | undefined][] = [
    ['id', json(failureId(event))],
    ['name', json(name)],
    ['severity', json(severity)],
    ['env', json(identity.env)],
    ['services', json(identity.services)],
    ['team', json(identity.team)],
    ['version', json(incident.version)],
    ['git', json(gitOf(event))],
    ['started_at', nanoseconds(identity.started_at)],
    ['finished_at', finished_at === undefined ? undefined : nanoseconds(finished_at)],
    ['custom_tags', customTags.length > 0 ? json(customTags) : undefined],
  ];
  const present = attributes.filter(([, value]) => value !== undefined);
  return `{"data":{"attributes":{${present.map(([key, value]) => `"${key}":${value}`).join(',')}}}}`;
}

/** Datadog takes so many. */
const mostTags = 100;

/**
 * What Datadog has no attribute for. Its own duration runs from first start to last end, resolved time included;
 * the active time stands beside it. Events frozen before `source` existed keep the tags they had.
 */
function ownTags({ incident, source }: IncidentEvent): string[] {
  const { merged_into, time_to_restore_seconds, reopen_count, withdrawn_at, inferred = [] } = incident;
  return [
    ...(withdrawn_at === undefined ? [] : ['withdrawn:true']),
    ...(merged_into === null ? [] : [`merged_into:${merged_into}`]),
    ...(source === undefined || time_to_restore_seconds === undefined
      ? []
      : [`time_to_restore_seconds:${time_to_restore_seconds}`]),
    ...(source === undefined || reopen_count === 0 ? [] : [`reopen_count:${reopen_count}`]),
    ...inferred.map((fact) => `inferred:${fact}`),
  ];
}

/** Datadog demands both of it. */
function gitOf({ incident: { git } }: IncidentEvent) {
  const { commit_sha, repository_url } = git ?? {};
  return commit_sha === undefined || repository_url === undefined
    ? undefined
    : { commit_sha, repository_url };
}

const json = (value: unknown): string | undefined => JSON.stringify(value);

function nanoseconds(isoTime: string): string {
  return (BigInt(Date.parse(isoTime)) * 1_000_000n).toString();
}
