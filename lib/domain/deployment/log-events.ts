import { deployment } from '../subject/deployment.ts';
import { derivedId } from '../subject/derived-id.ts';
import { wellFormed } from '../text/well-formed.ts';
import type { DeploymentPatch, DeploymentReport, ToldLink } from './deployment-report.ts';
import { type DeploymentIdentity, identify, identifyById } from './identify.ts';
import type { LeadTime } from './lead-time/lead-time.ts';

/** An event of a deployment's log, as a source hands it on to be written down. */
export interface DeploymentEntry {
  subject: string;
  eventId: string;
  eventType: DeploymentEventType;
  occurredAtMs: number;
  /** JSON. */
  body: string;
}

export type DeploymentEventType =
  | 'deployment.reported'
  | 'deployment.patched'
  | 'deployment.deleted'
  | 'deployment.measured'
  | 'deployment.linked';

/** The same report again is the same event; a correction is another one. */
export function reported(report: DeploymentReport): DeploymentEntry {
  return reportedAs(identify(report), report);
}

/** A report of a deployment whose identity is known from elsewhere. */
export function reportedAs({ id, key }: DeploymentIdentity, report: DeploymentReport): DeploymentEntry {
  const body = reportBody(report);
  return {
    subject: key,
    eventId: derivedId(['deployment.reported', id, body]),
    eventType: 'deployment.reported',
    occurredAtMs: Date.parse(report.finished_at ?? report.started_at ?? '') || 0,
    body,
  };
}

/** Said again within a second it is the same event; later it may take something else back. `id` as in API paths. */
export function patched(id: string, patch: DeploymentPatch, receivedAtMs: number): DeploymentEntry {
  const { source, change_failure, remediation } = patch;
  const body = JSON.stringify({
    source,
    change_failure,
    ...(remediation && {
      remediation: { id: remediation.id, version: remediation.version, type: remediation.type },
    }),
  });
  return said('deployment.patched', id, body, receivedAtMs);
}

/** A verdict that is read back from where it was given, of a deployment of that time. */
export function patchedAs(
  { id, key }: DeploymentIdentity,
  patch: DeploymentPatch,
  atMs: number,
): DeploymentEntry {
  const body = JSON.stringify(patch);
  return {
    subject: key,
    eventId: derivedId(['deployment.patched', id, body, 'read back']),
    eventType: 'deployment.patched',
    occurredAtMs: atMs,
    body,
  };
}

export function deleted(id: string, receivedAtMs: number): DeploymentEntry {
  return said('deployment.deleted', id, '{}', receivedAtMs);
}

/** What a git host has said of it: one row, whoever asked, and however often. */
export function measured(
  { id, key }: DeploymentIdentity,
  { base, head, finished_at, commits, left_out, seconds, reason }: LeadTime,
): DeploymentEntry {
  return {
    subject: key,
    eventId: derivedId(['deployment.measured', id, base, head, finished_at]),
    eventType: 'deployment.measured',
    occurredAtMs: Date.parse(finished_at),
    body: JSON.stringify({ base, head, finished_at, commits, left_out, seconds, reason }),
  };
}

/** An incident's link, as the incident has it now, is told to a deployment it stands or stood for. */
export function linked(id: string, link: ToldLink, atMs: number): DeploymentEntry {
  const { incident_id, revision, stands, started_at, remediation_id } = link;
  return {
    subject: deployment.key(id),
    eventId: derivedId(['deployment.linked', id, incident_id, revision]),
    eventType: 'deployment.linked',
    occurredAtMs: atMs,
    body: JSON.stringify({ incident_id, revision, stands, started_at, remediation_id }),
  };
}

function said(eventType: DeploymentEventType, id: string, body: string, atMs: number): DeploymentEntry {
  const identity = identifyById(id);
  const second = Math.floor(atMs / 1000);
  return {
    subject: identity.key,
    eventId: derivedId([eventType, identity.id, body, second]),
    eventType,
    occurredAtMs: second * 1000,
    body,
  };
}

const keys = [
  'source',
  'external_id',
  'service',
  'team',
  'env',
  'version',
  'status',
  'started_at',
  'finished_at',
  'commit_sha',
  'repository_url',
  'repository_id',
] as const satisfies (keyof DeploymentReport)[];

/** In one order, whoever made the report: the event's id is made of these bytes. */
function reportBody(report: DeploymentReport): string {
  const facts = keys.map((key) => [key, report[key] === undefined ? undefined : wellFormed(report[key])]);
  const custom_tags = [...new Set(report.custom_tags.map(wellFormed))].sort();
  // Absent as a rule, so that ids are what they were.
  const ran_before = report.ran_before || undefined;
  const { detected_by } = report;
  return JSON.stringify({ ...Object.fromEntries(facts), custom_tags, ran_before, detected_by });
}
