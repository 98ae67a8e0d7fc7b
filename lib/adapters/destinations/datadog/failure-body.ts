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
  const { started_at, env, team } = event;
  const services = event.match.datadog_services ?? event.services;
  return {
    started_at,
    ...(env === undefined ? {} : { env }),
    ...(services === undefined || services.length === 0 ? {} : { services: services.toSorted() }),
    ...(team === undefined ? {} : { team }),
  };
}

export function sameIdentity(a: FailureIdentity, b: FailureIdentity): boolean {
  const text = ({ started_at, env, services, team }: FailureIdentity) =>
    JSON.stringify([started_at, env, services, team]);
  return text(a) === text(b);
}

/** Datadog wants 16 to 128 of these characters; without an id a failure can be sent but not deleted. */
export function failureId(incidentId: string): string | undefined {
  const id = `pagerduty:${incidentId}`;
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
  const { name, severity, finished_at, incident } = event;
  const merged = incident.merged_into === null ? [] : [`merged_into:${incident.merged_into}`];
  const customTags = [...tags, ...merged];
  const attributes: [string, string | undefined][] = [
    ['id', json(failureId(incident.id))],
    ['name', json(name)],
    ['severity', json(severity)],
    ['env', json(identity.env)],
    ['services', json(identity.services)],
    ['team', json(identity.team)],
    ['started_at', nanoseconds(identity.started_at)],
    ['finished_at', finished_at === undefined ? undefined : nanoseconds(finished_at)],
    ['custom_tags', customTags.length > 0 ? json(customTags) : undefined],
  ];
  const present = attributes.filter(([, value]) => value !== undefined);
  return `{"data":{"attributes":{${present.map(([key, value]) => `"${key}":${value}`).join(',')}}}}`;
}

const json = (value: unknown): string | undefined => JSON.stringify(value);

function nanoseconds(isoTime: string): string {
  return (BigInt(Date.parse(isoTime)) * 1_000_000n).toString();
}
