import type { DeploymentEvent } from '../../domain/deployment/deployment-event.ts';
import type { Rendering, SendResult } from '../../domain/destination/destination.ts';
import { isDeploymentEvent } from '../../domain/destination/outgoing-event.ts';
import { cut } from '../../domain/text/cut.ts';
import { userAgent } from '../outgoing-http/user-agent.ts';
import { countdown } from './countdown.ts';
import { judgeAnswer, judgeFault } from './judge-answer.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import type { PagerDutyChangeConfig } from './pagerduty-change-config.ts';
import { redactSecrets } from './redact-secrets.ts';
import { isWanted } from './wanted-events.ts';

const defaultTimeoutSeconds = 10;
const hosts = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' };
/** PagerDuty refuses longer ones. */
const longestSummary = 1024;
/** A change event cannot be taken back or corrected, so it is sent of what is over, once. */
const sentOf = ['deployment.finished'];

/**
 * Shows each deployment as a change event, so that whoever is on call sees it beside the incident.
 * https://developer.pagerduty.com/docs/events-api-v2/send-change-events/
 */
export const pagerDutyChangeKind: DestinationKind = {
  takes: () => ({ deployments: true, incidents: false }),
  create(config, context) {
    const change = config as PagerDutyChangeConfig;
    const timeoutMs = (change.timeout_seconds ?? defaultTimeoutSeconds) * 1000;
    return {
      name: change.name,
      type: 'pagerduty_change',
      latestOnly: false,
      timeoutMs,
      render(event): Rendering {
        const wanted = isDeploymentEvent(event) && isWanted(change.events ?? sentOf, event.type);
        if (!wanted || !sentOf.includes(event.type)) return { skip: 'filtered' };
        return { payload: changeEvent(event) };
      },
      send: (payload, attemptAtMs) => enqueue(payload, attemptAtMs, { change, timeoutMs, context }),
    };
  },
};

interface Target {
  change: PagerDutyChangeConfig;
  timeoutMs: number;
  context: DestinationContext;
}

async function enqueue(
  payload: Record<string, unknown>,
  attemptAtMs: number,
  { change, timeoutMs, context }: Target,
): Promise<SendResult> {
  let redact = redactSecrets([]);
  const timeLeft = countdown(context.clock, timeoutMs);
  try {
    const [routing_key = ''] = await context.secrets.read(change.routing_key);
    redact = redactSecrets([routing_key]);
    const base = (change.base_url ?? hosts[change.region ?? 'us']).replace(/\/+$/, '');
    const answer = await context.http.send({
      method: 'POST',
      url: `${base}/v2/change/enqueue`,
      headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': userAgent },
      body: JSON.stringify({ routing_key, ...payload }),
      timeoutMs: timeLeft(),
      allowPrivate: change.allow_private ?? false,
    });
    return judgeAnswer(answer, attemptAtMs, redact);
  } catch (fault) {
    return judgeFault(fault, redact);
  }
}

function changeEvent({ services, team, env, started_at, finished_at, deployment }: DeploymentEvent) {
  const { id, version, status, kind, git, sources } = deployment;
  const [service = ''] = services;
  const what = version ?? git?.commit_sha?.slice(0, 12);
  const summary = [
    service,
    what,
    status === 'failed' ? 'failed to deploy' : kind === 'rollback' ? 'rolled back' : 'deployed',
    env && `to ${env}`,
  ];
  const details = { service, team, env, version, kind, status, started_at, finished_at, sources, ...git, id };
  const link = linkTo(git);
  return {
    payload: {
      summary: cut(summary.filter(Boolean).join(' '), longestSummary),
      timestamp: finished_at,
      source: 'pagerduty-catalog-bridge',
      custom_details: Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
    },
    ...(link && { links: [link] }),
  };
}

/** The page of the commit, or of the repository. */
function linkTo(git: DeploymentEvent['deployment']['git']) {
  const { repository_id, commit_sha } = git ?? {};
  if (repository_id === undefined || !repository_id.includes('/')) return undefined;
  const page = `https://${repository_id}`;
  if (!URL.canParse(page)) return undefined;
  if (commit_sha === undefined || !/^(github|gitlab)\./.test(repository_id))
    return { href: page, text: repository_id };
  const separator = repository_id.startsWith('gitlab.') ? '/-/commit/' : '/commit/';
  return { href: `${page}${separator}${commit_sha}`, text: `${repository_id} ${commit_sha.slice(0, 12)}` };
}
