import type { DeploymentStatus } from '../deployment/deployment-report.ts';
import { member, readId } from '../pagerduty/loose.ts';
import {
  type CiReading,
  type CiSettings,
  hostOf,
  ignored,
  oneDeployment,
  readCommit,
  readJson,
  readMomentText,
  readName,
  repositoryOf,
  versionOf,
} from './reading.ts';

/**
 * A canceled deployment that had begun has ended without success; as in progress it would stay for ever.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events
 */
const statuses = new Map<unknown, DeploymentStatus>([
  ['running', 'in_progress'],
  ['success', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** A GitLab webhook; a deployment's is the one that counts. `event` is the header `X-Gitlab-Event`. */
export function readGitLab(event: string | undefined, body: string, settings: CiSettings = {}): CiReading {
  const payload = readJson(body);
  const kind = readName(member(payload, 'object_kind'));
  if (kind === undefined) return ignored('unreadable', 'object_kind is missing');
  if (kind !== 'deployment') {
    return ignored('other_event', `${readName(event) ?? kind}; only deployment events tell of deployments`);
  }
  const given = member(payload, 'status');
  const status = statuses.get(given);
  if (status === undefined) return withoutReport(given);
  const environment = readName(member(payload, 'environment'));
  if (isReviewApp(environment) && settings.transient_environments !== true) {
    return ignored('transient_environment', String(environment));
  }
  return read(payload, status, environment);
}

/** https://docs.gitlab.com/ci/review_apps/ */
const isReviewApp = (environment: string | undefined): boolean => /^review[/-]/i.test(environment ?? '');

function withoutReport(status: unknown): CiReading {
  if (status === 'created' || status === 'blocked' || status === 'skipped')
    return ignored('not_begun', status);
  return ignored('unreadable', 'status is missing or not known');
}

function read(payload: unknown, status: DeploymentStatus, environment: string | undefined): CiReading {
  const project = member(payload, 'project');
  const source = repositoryOf(member(project, 'git_http_url') ?? member(project, 'web_url'));
  const id = readId(member(payload, 'deployment_id'));
  const at = readMomentText(member(payload, 'status_changed_at'));
  if (source.repository_id === undefined) return ignored('unreadable', 'project.git_http_url names none');
  if (id === undefined) return ignored('unreadable', 'deployment_id is missing');
  if (at === undefined) return ignored('unreadable', 'status_changed_at is no time');

  const tier = tierOf(member(payload, 'environment_tier'));
  const env = tier ?? environment;
  return oneDeployment({
    source: 'gitlab',
    // The number is GitLab's own, not one of the project.
    external_id: `gitlab:${hostOf(source.repository_id)}:${id}`,
    env,
    version: versionOf(member(payload, 'ref')),
    status,
    // When it began is only known from when it did.
    ...(status === 'in_progress' ? { started_at: at } : { finished_at: at }),
    commit_sha: commitOf(member(payload, 'commit_url')),
    ...source,
    custom_tags: environment === undefined || environment === env ? [] : [`environment:${environment}`],
  });
}

/** Of what kind an environment is, which its name need not tell: `eu-1` is production. `other` tells nothing. */
function tierOf(value: unknown): string | undefined {
  const tier = readName(value)?.toLowerCase();
  return tier === 'other' ? undefined : tier;
}

/** `short_sha` could be several commits, the address of the commit ends in all of it. */
const commitOf = (url: unknown): string | undefined =>
  typeof url === 'string' ? readCommit(/\/commit\/([^/?#]+)\/?$/.exec(url)?.[1]) : undefined;
