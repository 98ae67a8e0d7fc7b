import type { Dice } from '../dice.ts';
import { env, service } from './fleet.ts';
import type { Rollout, Telling } from './rollout-plan.ts';

/** A request of its sender, which is sent with its credentials. */
type Request = Pick<Telling, 'path' | 'headers' | 'body' | 'starts' | 'endsAt'>;
type Told = Pick<Rollout, 'version' | 'commit' | 'startedAt' | 'finishedAt' | 'failed'>;

/** What is deployed where, and the project it is deployed from. */
export interface Target {
  service: string;
  env: string;
  project: string;
}

const fleet: Target = { service, env, project: 'acme/unrelated' };

/** What these programs know of time is whole seconds. */
const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}.000Z`;
const json = { 'content-type': 'application/json' };

/** A status when the job begins and one when it is done; both say when the deployment was made. */
export function tellAsGitHub(
  told: Told,
  number: number,
  dice: Dice,
  { env, project }: Target = fleet,
): Request[] {
  const { version, commit, startedAt, finishedAt, failed } = told;
  const status = (place: number, state: string, ms: number): Request => ({
    path: '/webhooks/github',
    headers: {
      ...json,
      'x-github-event': 'deployment_status',
      'x-github-delivery': `delivery-${dice.id(8)}`,
    },
    starts: true,
    ...(state !== 'in_progress' && { endsAt: iso(ms) }),
    body: JSON.stringify({
      action: 'created',
      deployment_status: {
        id: 70_000 + 10 * number + place,
        state,
        created_at: seconds(ms),
        environment: env,
      },
      deployment: {
        id: 500_000 + number,
        sha: commit,
        ref: version,
        task: 'deploy',
        environment: env,
        payload: {},
        created_at: seconds(startedAt),
      },
      repository: { full_name: project, clone_url: `https://github.com/${project}.git` },
    }),
  });
  const end = status(2, failed ? 'failure' : 'success', finishedAt);
  return dice.chance(0.8) ? [status(1, 'in_progress', startedAt + 1_000), end] : [end];
}

/** The start knows no end and the end no start. */
export function tellAsGitLab(told: Told, number: number, dice: Dice): Request[] {
  const { version, commit, startedAt, finishedAt, failed } = told;
  const hook = (status: string, ms: number): Request => ({
    path: '/webhooks/gitlab',
    headers: { ...json, 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-event-uuid': dice.id(16) },
    starts: status === 'running',
    ...(status !== 'running' && { endsAt: iso(ms) }),
    body: JSON.stringify({
      object_kind: 'deployment',
      status,
      status_changed_at: `${seconds(ms).slice(0, 19).replace('T', ' ')} UTC`,
      deployment_id: 9_000 + number,
      environment: env,
      environment_tier: 'other',
      ref: version,
      short_sha: commit.slice(0, 8),
      commit_url: `https://gitlab.example.com/acme/unrelated/-/commit/${commit}`,
      project: { git_http_url: 'https://gitlab.example.com/acme/unrelated.git' },
    }),
  });
  const end = hook(failed ? dice.pick(['failed', 'canceled']) : 'success', finishedAt);
  return dice.chance(0.8) ? [hook('running', startedAt), end] : [end];
}

/** An event of what has succeeded, by itself in a CloudEvent or with its attributes in headers. */
export function tellAsCdEvents(told: Told, number: number, dice: Dice): Request[] {
  const { version, commit, finishedAt, failed } = told;
  if (failed) return [];
  const type = `dev.cdevents.service.${number === 0 ? 'deployed' : 'upgraded'}.0.3.0`;
  const id = `event-${number}-${dice.id(8)}`;
  const [source, time] = ['/ci/pipelines', seconds(finishedAt)];
  const origin = encodeURIComponent(`git+https://github.com/acme/unrelated.git@${commit}`);
  const data = {
    context: { version: '0.4.1', id, source, type, timestamp: time },
    subject: {
      id: `service/${service}`,
      type: 'service',
      content: {
        environment: { id: env },
        artifactId: `pkg:oci/unrelated@sha256%3A${'ab'.repeat(32)}?tag=${version}&vcs_url=${origin}`,
      },
    },
  };
  const envelope = { specversion: '1.0', id, source, type, time };
  const binary = dice.chance(0.5);
  const attributes = Object.entries(envelope).map(([name, value]) => [`ce-${name}`, value]);
  return [
    {
      path: '/webhooks/cdevents',
      headers: binary
        ? { ...json, ...Object.fromEntries(attributes) }
        : { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(binary ? data : { ...envelope, datacontenttype: 'application/json', data }),
      starts: false,
      endsAt: iso(finishedAt),
    },
  ];
}

/** `datadog-ci dora deployment`: once, when it has succeeded; in milliseconds. */
export function tellAsDatadogCi(
  told: Told,
  _number: number,
  dice: Dice,
  { service, env, project }: Target = fleet,
): Request[] {
  const { version, commit, startedAt, finishedAt, failed } = told;
  if (failed) return [];
  const attributes = {
    service,
    env,
    started_at: startedAt,
    finished_at: finishedAt,
    version,
    git: { commit_sha: commit, repository_url: `https://ci:canary-token@github.com/${project}.git` },
  };
  return [
    {
      path: dice.pick(['/api/v2/dora/deployment', '//api/v2/dora/deployment/']),
      headers: json,
      body: JSON.stringify({ data: { attributes } }),
      starts: true,
      endsAt: new Date(finishedAt).toISOString(),
    },
  ];
}
