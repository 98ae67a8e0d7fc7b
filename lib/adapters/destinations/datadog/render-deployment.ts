import type { DeploymentEvent } from '../../../domain/deployment/deployment-event.ts';
import type { Memory, Rendering } from '../../../domain/destination/destination.ts';
import { type MarkMemory, markingOf } from './change-failure.ts';
import type { DatadogRequest, DatadogSettings } from './requests.ts';

/** What is remembered of one deployment at Datadog. */
interface DeploymentMemory extends Memory, MarkMemory {
  /** The last body accepted. */
  sent?: string;
  deleted?: true;
}

const path = '/api/v2/dora/deployment';
/** Datadog takes so many. */
const mostTags = 100;

/**
 * Brings Datadog's picture of a deployment up to date, under our id, so that sending it again is no second one.
 * Datadog knows no failed deployments: what never ran is none there. What was taken back, or turned out to be another
 * one's double, is deleted where an application key is configured.
 */
export function renderDeployment(
  event: DeploymentEvent,
  memory: DeploymentMemory | undefined,
  settings: DatadogSettings,
): Rendering {
  const { id, detected_by } = event.deployment;
  const { tags, canDelete, marks, name } = settings;
  if (!settings.sends) return renderMark(event, memory, name);
  // Datadog has it already, and would count it twice.
  if (detected_by !== undefined)
    return marks ? renderMark(event, memory, name) : { skip: `detected_by: ${detected_by}` };
  const gone = whyGone(event);
  if (gone) {
    if (!memory) return gone;
    if (memory.deleted) return { skip: 'unchanged' };
    if (!canDelete) return { skip: `${gone.skip}: deleting it needs an application_key` };
    const deletion: DatadogRequest = { method: 'DELETE', path: `${path}/${id}` };
    return { payload: { requests: [deletion] }, memory: {}, memoryAfter: { deleted: true } };
  }
  const body = deploymentBody(event, tags);
  const isSent = memory?.sent === body;
  const marking = marks ? markingOf(event, memory ?? {}, id, true) : undefined;
  if (isSent && !marking) return { skip: 'unchanged' };
  const request: DatadogRequest = { method: 'POST', path, body };
  const requests = [...(isSent ? [] : [request]), ...(marking?.requests ?? [])];
  const kept = marksIn(memory);
  return {
    payload: { requests },
    memory: { ...(isSent && { sent: body }), ...(marking?.before ?? kept) },
    memoryAfter: { sent: body, ...(marking?.after ?? kept) },
  };
}

/** Of a deployment that is told to Datadog by others, or that it has detected: the mark alone. */
function renderMark(
  event: DeploymentEvent,
  memory: DeploymentMemory | undefined,
  destination: string,
): Rendering {
  const { id, external_id, detected_by } = event.deployment;
  const idThere = detected_by === destination ? (external_id ?? id) : undefined;
  const marking = markingOf(event, memory ?? {}, idThere, false);
  if (!marking) return { skip: 'unchanged' };
  const { requests, before, after } = marking;
  return { payload: { requests }, memory: { ...before }, memoryAfter: { ...after } };
}

const marksIn = ({ marked, mark }: DeploymentMemory = {}): MarkMemory => ({
  ...(marked && { marked }),
  ...(mark !== undefined && { mark }),
});

/** Why there is to be no such deployment. */
function whyGone({
  deployment: { status, deleted, same_as },
}: DeploymentEvent): { skip: string } | undefined {
  if (deleted) return { skip: 'deployment_deleted' };
  if (same_as !== undefined) return { skip: `same_as: ${same_as}` };
  return status === 'failed' ? { skip: 'deployment_failed' } : undefined;
}

/**
 * The body of POST /api/v2/dora/deployment, as text because of the nanoseconds. Datadog demands a start: where none was
 * told the finish stands for it, and a tag says so.
 * https://docs.datadoghq.com/api/latest/dora-metrics/#send-a-deployment-event
 */
function deploymentBody(event: DeploymentEvent, tags: readonly string[]): string {
  const { services, env, team, started_at, finished_at, deployment } = event;
  const { commit_sha, repository_url } = deployment.git ?? {};
  const inferred = started_at === undefined ? ['inferred:started_at'] : [];
  const given = [...new Set([...tags, ...(deployment.custom_tags ?? [])])];
  const customTags = [...given.slice(0, mostTags - inferred.length), ...inferred];
  const attributes: [string, string | undefined][] = [
    ['id', json(deployment.id)],
    ['service', json(deployment.datadog_service ?? services[0])],
    ['env', json(env)],
    ['team', json(deployment.datadog_team ?? team)],
    ['version', json(deployment.version)],
    // Datadog demands both of it.
    ['git', commit_sha && repository_url ? json({ commit_sha, repository_url }) : undefined],
    ['started_at', nanoseconds(started_at ?? finished_at)],
    ['finished_at', nanoseconds(finished_at)],
    ['custom_tags', customTags.length > 0 ? json(customTags) : undefined],
  ];
  const present = attributes.filter(([, value]) => value !== undefined);
  return `{"data":{"attributes":{${present.map(([key, value]) => `"${key}":${value}`).join(',')}}}}`;
}

const json = (value: unknown): string | undefined => JSON.stringify(value);

const nanoseconds = (isoTime: string): string => (BigInt(Date.parse(isoTime)) * 1_000_000n).toString();
