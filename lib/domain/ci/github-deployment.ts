import type { DeploymentReport, DeploymentStatus } from '../deployment/deployment-report.ts';
import { items, member, readId } from '../pagerduty/loose.ts';
import {
  type CiReading,
  type CiSettings,
  hostOf,
  ignored,
  readCommit,
  readJson,
  readMomentText,
  readName,
  repositoryOf,
  versionOf,
} from './reading.ts';

/** GitHub's states that say something of a deployment. https://docs.github.com/rest/deployments/statuses */
const states = new Map<unknown, DeploymentStatus>([
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
  ['in_progress', 'in_progress'],
]);

/** More services than one deployment of a repository has. */
const mostServices = 50;

/**
 * A GitHub webhook: of its many events, `deployment_status` tells of a deployment. `event` is the header
 * `X-GitHub-Event`, which is not signed, so the body has to be one too.
 */
export function readGitHub(event: string | undefined, body: string, settings: CiSettings = {}): CiReading {
  if (event === 'ping') return ignored('ping', 'the webhook is set up');
  if (event !== undefined && event !== 'deployment_status') {
    return ignored('other_event', `${readName(event) ?? '?'}; only deployment_status tells of deployments`);
  }
  const payload = readJson(unwrapForm(body));
  const status = member(payload, 'deployment_status');
  const deployment = member(payload, 'deployment');
  const state = states.get(member(status, 'state'));
  if (state === undefined) return withoutReport(member(status, 'state'));
  if (isTransient(deployment) && settings.transient_environments !== true) {
    return ignored('transient_environment', String(environmentOf(status, deployment)));
  }
  return read(payload, status, deployment, state);
}

/** GitHub sends a form unless its content type is set to JSON; what is signed is the form. */
const unwrapForm = (body: string): string =>
  body.startsWith('payload=') ? (new URLSearchParams(body).get('payload') ?? '') : body;

const isTransient = (deployment: unknown): boolean =>
  member(deployment, 'transient_environment') === true &&
  member(deployment, 'production_environment') !== true;

function withoutReport(state: unknown): CiReading {
  if (state === 'queued' || state === 'pending' || state === 'waiting') return ignored('not_begun', state);
  // It was replaced by a later one, or its environment was taken down: it stays what it was.
  if (state === 'inactive') return ignored('inactive', 'another deployment has taken its place');
  return ignored('unreadable', 'deployment_status.state is missing or not known');
}

function read(payload: unknown, status: unknown, deployment: unknown, state: DeploymentStatus): CiReading {
  const repository = member(payload, 'repository');
  const source = repositoryOf(member(repository, 'clone_url') ?? member(repository, 'html_url'));
  const id = readId(member(deployment, 'id'));
  // Not `updated_at`: it moves when the deployment is replaced.
  const at = readMomentText(member(status, 'created_at'));
  if (source.repository_id === undefined) return ignored('unreadable', 'repository.clone_url names none');
  if (id === undefined) return ignored('unreadable', 'deployment.id is missing');
  if (at === undefined) return ignored('unreadable', 'deployment_status.created_at is no time');

  const told = toldByDeployer(member(deployment, 'payload'));
  const task = readName(member(deployment, 'task'));
  const report: DeploymentReport = {
    source: 'github',
    external_id: `github:${hostOf(source.repository_id)}:${id}`,
    team: readName(member(told, 'team')),
    env: environmentOf(status, deployment),
    version: readName(member(told, 'version')) ?? versionOf(member(deployment, 'ref')),
    status: state,
    started_at: startOf(payload, deployment, at),
    finished_at: state === 'in_progress' ? undefined : at,
    commit_sha: readCommit(member(deployment, 'sha')),
    ...source,
    custom_tags: task === undefined || task === 'deploy' ? [] : [`task:${task}`],
  };
  return { kind: 'reports', deployments: ofEachService(report, told), incidents: [] };
}

const environmentOf = (status: unknown, deployment: unknown): string | undefined =>
  readName(member(status, 'environment')) ??
  readName(member(deployment, 'environment')) ??
  readName(member(deployment, 'original_environment'));

/**
 * When the job of the deployment began, where GitHub Actions deploys: the deployment was made before, and may have
 * waited for somebody's approval. Every status of a deployment says the same.
 *
 *     deployment made      approved, job begins      success
 *     │····· waiting ······│───── in progress ───────│
 *                          started_at                finished_at
 */
function startOf(payload: unknown, deployment: unknown, at: string): string {
  const made = readMomentText(member(deployment, 'created_at'));
  const job = readMomentText(member(member(payload, 'check_run'), 'started_at'));
  const start = job !== undefined && job <= at && (made === undefined || job > made) ? job : made;
  return start !== undefined && start <= at ? start : at;
}

/** `payload` is for whoever makes deployments to fill; GitHub hands on a text as it was given. */
const toldByDeployer = (payload: unknown): unknown =>
  typeof payload === 'string' ? readJson(payload) : payload;

/** One repository may hold several services: one deployment of it is a deployment of each that its maker names. */
function ofEachService(report: DeploymentReport, told: unknown): DeploymentReport[] {
  const named = [member(told, 'service'), ...(items(member(told, 'services')) ?? [])]
    .map(readName)
    .filter((name) => name !== undefined);
  const services = [...new Set(named)].slice(0, mostServices);
  if (services.length < 2) return [{ ...report, ...(services[0] && { service: services[0] }) }];
  return services.map((service) => ({ ...report, service, external_id: `${report.external_id}:${service}` }));
}
