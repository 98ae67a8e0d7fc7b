import * as z from 'zod/mini';
import {
  type DeploymentPatch,
  type DeploymentReport,
  deploymentStatuses,
  type ToldLink,
} from './deployment-report.ts';
import { type LeadTime, readLeadTime } from './lead-time/lead-time.ts';

/** One event of a deployment's log, read. */
export type Entry = {
  eventId: string;
  /** ISO 8601, UTC, milliseconds. */
  receivedAt: string;
} & (
  | { kind: 'reported'; report: DeploymentReport }
  | { kind: 'patched'; patch: DeploymentPatch }
  | { kind: 'deleted' }
  | { kind: 'measured'; leadTime: LeadTime }
  | { kind: 'linked'; link: ToldLink }
);

const text = z.optional(z.string());

const report = z.object({
  source: z.string(),
  external_id: text,
  service: text,
  team: text,
  env: text,
  version: text,
  status: z.enum(deploymentStatuses),
  started_at: text,
  finished_at: text,
  commit_sha: text,
  repository_url: text,
  repository_id: text,
  custom_tags: z._default(z.array(z.string()), []),
  ran_before: z.optional(z.boolean()),
  detected_by: text,
});

const patch = z.object({
  source: z.string(),
  change_failure: z.optional(z.boolean()),
  remediation: z.optional(z.object({ id: text, version: text, type: z.enum(['rollback', 'rollforward']) })),
});

const linked = z.object({
  incident_id: z.string(),
  revision: z.number(),
  stands: z.boolean(),
  started_at: text,
  remediation_id: text,
});

interface Row {
  eventId: string;
  eventType: string;
  receivedAt: string;
  body: string;
}

/** What a row of the log says; undefined for what this version does not know. */
export function readEntry({ eventId, eventType, receivedAt, body }: Row): Entry | undefined {
  const at = { eventId, receivedAt };
  if (eventType === 'deployment.deleted') return { ...at, kind: 'deleted' };
  const content = json(body);
  if (eventType === 'deployment.reported') {
    const read = report.safeParse(content);
    return read.success ? { ...at, kind: 'reported', report: read.data } : undefined;
  }
  if (eventType === 'deployment.measured') {
    const leadTime = readLeadTime(content);
    return leadTime && { ...at, kind: 'measured', leadTime };
  }
  if (eventType === 'deployment.linked') {
    const read = linked.safeParse(content);
    return read.success ? { ...at, kind: 'linked', link: read.data } : undefined;
  }
  if (eventType !== 'deployment.patched') return undefined;
  const read = patch.safeParse(content);
  return read.success ? { ...at, kind: 'patched', patch: read.data } : undefined;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
