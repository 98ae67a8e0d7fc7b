import type { DeploymentPatch, DeploymentReport } from '../deployment/deployment-report.ts';
import type { IncidentReport } from '../incident-report/incident-report.ts';
import { toIso } from '../pagerduty/timestamp.ts';
import { importedSource } from '../subject/imported-source.ts';
import { present } from './common-fields.ts';
import { readMoment } from './moment.ts';
import { isObject } from './read-attributes.ts';
import { readRepository } from './repository.ts';

/**
 * What Datadog's lists of DORA events have, in both of their shapes: the documented one (`services`, one `env`) and
 * the one it answers with (`service`, `env` and `team` as lists, a time of the year 1 for none).
 */
export type ReadFailure =
  | { kind: 'failure'; report: IncidentReport }
  /** The bridge sent it there itself: it knows the incident by PagerDuty. */
  | { kind: 'ours' }
  | { kind: 'unreadable'; reason: string };

export type ReadDeployment =
  | { kind: 'deployment'; report: DeploymentReport; verdict?: DeploymentPatch }
  | { kind: 'unreadable'; reason: string };

/** What Datadog calls what nobody gave an id: a UUID, 16 hexadecimal digits, or 11 characters of base64url. */
const generated = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}|[A-Za-z0-9_-]{11})$/;

/** Without an id of its own it is known by its facts, as whoever reports it here without one has it. */
const givenId = (id: unknown): string | undefined =>
  typeof id === 'string' && id !== '' && !generated.test(id) ? id : undefined;

export function readFailure(resource: unknown): ReadFailure {
  if (!isObject(resource) || !isObject(resource['attributes'])) return unreadable('it has no attributes');
  const { id, attributes } = resource;
  if (typeof id === 'string' && id.startsWith('pagerduty:')) return { kind: 'ours' };
  const services = [...new Set([...texts(attributes['services']), ...texts(attributes['service'])])];
  const [team] = texts(attributes['team']);
  const started_at = time(attributes['started_at']);
  if (started_at === undefined) return unreadable('it does not say when it started');
  if (services.length === 0 && team === undefined) return unreadable('it names neither a service nor a team');
  const report = present({
    source: importedSource,
    external_id: givenId(id),
    services,
    team,
    env: texts(attributes['env'])[0],
    name: texts(attributes['name'])[0]?.slice(0, 4_000),
    severity: texts(attributes['severity'])[0],
    version: texts(attributes['version'])[0],
    ...gitOf(attributes['git']),
    started_at,
    finished_at: notBefore(started_at, time(attributes['finished_at'])),
    custom_tags: texts(attributes['custom_tags']),
  });
  return { kind: 'failure', report };
}

/** What Datadog has noticed by itself nobody else can tell, so its id is all there is to know it by. */
const detected = 'apm_deployments';

/** Whether Datadog's APM has detected it, and nobody has told Datadog of it. */
export const isDetected = (resource: unknown): boolean =>
  isObject(resource) && isObject(resource['attributes']) && resource['attributes']['source'] === detected;

export function readListedDeployment(resource: unknown): ReadDeployment {
  if (!isObject(resource) || !isObject(resource['attributes'])) return unreadable('it has no attributes');
  const { id, attributes } = resource;
  const [service] = texts(attributes['service']);
  const started_at = time(attributes['started_at']);
  // What APM detects has no duration.
  const finished_at = notBefore(started_at, time(attributes['finished_at'])) ?? started_at;
  if (service === undefined) return unreadable('it names no service');
  if (finished_at === undefined) return unreadable('it does not say when it was');
  const report: DeploymentReport = present({
    source: importedSource,
    external_id: isDetected(resource) && typeof id === 'string' && id !== '' ? id : givenId(id),
    service,
    team: texts(attributes['team'])[0],
    env: texts(attributes['env'])[0],
    version: texts(attributes['version'])[0],
    status: 'succeeded' as const,
    ...gitOf(attributes['git']),
    started_at,
    finished_at,
    custom_tags: texts(attributes['custom_tags']),
  });
  const verdict = verdictOf(attributes);
  return { kind: 'deployment', report, ...(verdict && { verdict }) };
}

/** `null` is not judged yet. */
function verdictOf({ change_failure, remediation }: Record<string, unknown>): DeploymentPatch | undefined {
  if (typeof change_failure !== 'boolean') return undefined;
  const { id, type } = isObject(remediation) ? remediation : {};
  const isKind = type === 'rollback' || type === 'rollforward';
  // One that Datadog has made up an id for is known here by another.
  const by = typeof id === 'string' && isKind ? givenId(id) : undefined;
  return {
    source: importedSource,
    change_failure,
    ...(by !== undefined && isKind && { remediation: { id: by, type } }),
  };
}

const unreadable = (reason: string) => ({ kind: 'unreadable', reason }) as const;

function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each) =>
    typeof each === 'string' && each.trim() !== '' ? [each.trim().toWellFormed()] : [],
  );
}

/** ISO 8601; undefined for what is no time of ours, such as `0001-01-01T00:00:00Z`, which means none. */
function time(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const { ms } = readMoment(value);
  return ms === undefined ? undefined : toIso(ms);
}

const notBefore = (start: string | undefined, end: string | undefined) =>
  end !== undefined && start !== undefined && end < start ? undefined : end;

function gitOf(git: unknown) {
  if (!isObject(git)) return {};
  const [commit_sha] = texts(git['commit_sha']);
  const [address] = [...texts(git['repository_url']), ...texts(git['repository_id'])];
  const repository = address === undefined ? undefined : readRepository(address);
  const [id] = texts(git['repository_id']);
  return {
    commit_sha,
    repository_url: texts(git['repository_url']).length > 0 ? repository?.url : undefined,
    repository_id: repository?.id ?? id,
  };
}
