import { comparableName } from '../catalog/names.ts';
import { derivedId } from '../subject/derived-id.ts';
import { doraIncident } from '../subject/dora-incident.ts';
import { echo } from '../subject/echo.ts';
import { wellFormed } from '../text/well-formed.ts';
import { type IncidentReport, reportBody } from './incident-report.ts';

/** A report as an event of the log, and the id its sender is answered. */
export interface IdentifiedReport {
  /** The incident's id as the sender knows it: given, or derived. Reads, changes and deletions take it. */
  id: string;
  /** Key of the subject: the incident's, or an echo's, which is kept and never becomes an incident. */
  subject: string;
  /** The same report again has the same; one that says anything else has another. */
  eventId: string;
  eventType: 'incident.triggered' | 'incident.resolved';
  occurredAtMs: number;
  body: string;
}

/** What destinations are told PagerDuty's incidents are called; whoever reports one under such an id had it from us. */
const ours = 'pagerduty:';

/**
 * Which incident a report is about: the one of its id; without an id, that of its environment, its services (else its
 * team) and the second it started in. So a start and an end posted apart are one incident, whichever comes first.
 * Needs nothing but the report, so the answer is the same every time.
 */
export function identify(report: IncidentReport): IdentifiedReport {
  const { external_id: given, finished_at } = report;
  const id = given === undefined ? derivedId(factsOf(report)) : wellFormed(given);
  const body = reportBody(report);
  const eventId = derivedId(['incident report', id, body]);
  return {
    id,
    subject: id.startsWith(ours) ? echo.key(eventId) : doraIncident.key(id),
    eventId,
    eventType: finished_at === undefined ? 'incident.triggered' : 'incident.resolved',
    occurredAtMs: Date.parse(finished_at ?? startOf(report)),
    body,
  };
}

/**
 * A person or program takes an incident back, at a moment in epoch milliseconds. It is for good: what is reported
 * under its id later changes nothing, since a delayed repetition cannot be told from a change of mind.
 */
export function identifyWithdrawal(id: string, atMs: number) {
  return {
    id,
    subject: doraIncident.key(wellFormed(id)),
    eventId: derivedId(['incident withdrawn', id, atMs]),
    eventType: 'incident.deleted',
    occurredAtMs: atMs,
    body: '{}',
  } as const;
}

/** No environment is an environment of its own: what it means is for the configuration to say, which may change. */
function factsOf(report: IncidentReport): unknown[] {
  const { env, services, team } = report;
  const second = Math.floor(Date.parse(startOf(report)) / 1000);
  const names = [...new Set(services.map(comparable))].sort();
  const who = names.length > 0 ? { services: names } : { team: comparable(team ?? '') };
  return ['incident', env === undefined ? null : comparable(env), who, second];
}

const startOf = ({ started_at, seen_at, finished_at }: IncidentReport): string =>
  started_at ?? seen_at ?? finished_at ?? '1970-01-01T00:00:00.000Z';

/** Names are compared as the catalog's are; one that is too long for that, as it is. */
const comparable = (name: string): string => comparableName(name) ?? wellFormed(name);
