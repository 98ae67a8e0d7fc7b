import { causedBy } from '../../domain/deployment/caused.ts';
import type { Verdict } from '../../domain/deployment/compare.ts';
import { type Deployment, deletedAt, isOver, placeInTime } from '../../domain/deployment/deployment.ts';
import type { Told } from '../../domain/deployment/fold-deployment.ts';
import type { LeadTimeState } from '../../domain/deployment/lead-time/ask.ts';
import { type LeadTime, readLeadTime } from '../../domain/deployment/lead-time/lead-time.ts';
import type { Known } from '../../domain/deployment/neighbourhood.ts';
import { outgoingKeptDays } from '../../domain/retry/retention.ts';
import { dueShard, expiry } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { unmatched } from '../../store/deployments/deployments.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import type { ProcessDeps } from '../freeze/deps.ts';
import { toFacts } from './known-facts.ts';

/** The row knows which sequence was last, so it outlives every frozen event; TTL deletes some days late. */
const marginDays = 14;

/** How far the deployment has come on its way out. */
export interface Sent {
  lastSequence: number;
  /** Stands for what was told last. */
  picture?: string | undefined;
  destinations: string[];
}

/** The attributes of the deployment's row: for people, for the indexes, for whoever works on it next. */
export function deploymentRow(
  deps: Pick<ProcessDeps, 'config' | 'clock'>,
  deployment: Deployment,
  {
    mine,
    judgedBy,
    leadTime,
    sent,
    eventCount,
  }: {
    mine?: Known | undefined;
    judgedBy?: string | undefined;
    leadTime?: LeadTimeState | undefined;
    sent: Sent;
    eventCount: number;
  },
): Row {
  const { told, service, team, env, verdict, split_into, service_explanation } = deployment;
  const filled = verdict?.filled ?? {};
  const at = placeInTime(told);
  const caused = causedBy(told);
  const said = told.change_failure ?? filled.change_failure;
  const deleted_at = deletedAt(deployment);
  const held = service === undefined && split_into === undefined && deleted_at === undefined;
  const { config, clock } = deps;
  const days = Math.max(config.metrics_retention_days, outgoingKeptDays(config) + marginDays);
  const shown: Row = {
    service,
    team: team ?? filled.team,
    env,
    version: told.version ?? filled.version,
    status: told.status,
    kind: verdict?.kind,
    change_failure: deployment.change_failure,
    caused: caused.length > 0 ? caused : undefined,
    remediation_id: verdict?.remediation_id,
    git_commit_sha: told.commit_sha ?? filled.commit,
    repository_id: told.repository_id ?? filled.repository_id,
    started_at: told.started_at ?? filled.started_at,
    finished_at: told.finished_at,
    sources: verdict?.sources ?? told.sources,
    same_as: verdict?.same_as,
    deleted_at,
    ...shownLeadTime(leadTime),
  };
  return {
    ...shown,
    external_id: told.external_id,
    in_datadog: deployment.inDatadog,
    repository_url: told.repository_url,
    custom_tags: told.custom_tags,
    service_explanation,
    explanation: verdict?.explanation,
    held: held ? unmatched : undefined,
    held_judged_by: held ? judgedBy || '#' : undefined,
    split_into,
    given: {
      service: told.service,
      team: told.team,
      env: told.env,
      change_failure: told.change_failure,
      detected_by: told.detected_by,
    },
    links: told.links,
    day: isOver(told) && told.finished_at ? told.finished_at.slice(0, 10) : `open#${dueShard(deployment.id)}`,
    at,
    service_env: service === undefined ? undefined : serviceEnvOf(service, env),
    facts: {
      ...toFacts(mine ?? unlike(deployment)),
      shown: counted({ ...shown, ...alone(verdict), change_failure: said }, held),
    },
    lead_time: leadTime?.state === 'known' ? leadTime.leadTime : undefined,
    event_count: eventCount,
    last_received_at: told.last_received_at,
    last_sequence: sent.lastSequence || undefined,
    sent: sent.picture,
    destinations: sent.destinations.length > 0 ? sent.destinations : undefined,
    expires_at: held ? undefined : expiry(clock.now(), days),
  };
}

/** Links are judged anew for each number: it must not rest on what the last judgement left here. */
function alone(verdict: Verdict | undefined): Row {
  const { kind, kind_alone, remediation_id, remediation_type } = verdict ?? {};
  return {
    kind: kind_alone ?? kind,
    remediation_id: remediation_type === undefined ? remediation_id : undefined,
  };
}

/** What a metric asks beside what deployments are compared by, as it is shown. */
function counted(shown: Row, held: boolean): Row {
  const { service, team, env, kind, change_failure, remediation_id, same_as } = shown;
  const { lead_time_seconds, lead_time_reason } = shown;
  const deleted = shown['deleted_at'] !== undefined || undefined;
  const judged = { kind, change_failure, remediation_id, lead_time_seconds, lead_time_reason };
  return { service, team, env, same_as, deleted, held: held || undefined, ...judged };
}

function shownLeadTime(known: LeadTimeState | undefined): Row {
  const { commits, seconds, reason } = (known?.state === 'known' ? known.leadTime : {}) as Partial<LeadTime>;
  const why = known?.state === 'open' ? 'not_asked_yet' : known?.state === 'none' ? known.reason : reason;
  return { lead_time_seconds: seconds, lead_time_commits: commits, lead_time_reason: why };
}

/** One that is compared with nothing yet: it has no service. */
function unlike({ told }: Deployment): Known {
  return {
    id: '',
    at: placeInTime(told),
    status: told.status,
    finished_at: told.finished_at,
    started_at: told.started_at,
    sources: told.sources,
    commit: told.commit_sha,
    version: told.version,
    repository_id: told.repository_id,
    remediation: told.remediation,
    received_at: told.first_received_at,
    deleted: told.deleted_at === undefined ? undefined : true,
    deleted_at: told.deleted_at,
  };
}

/** What a row still knows of events that have expired. */
export function toldBefore(row: Row): Told {
  const facts = (row['facts'] ?? {}) as Row;
  const given = (row['given'] ?? {}) as Row;
  const text = (from: Row, name: string) =>
    typeof from[name] === 'string' ? (from[name] as string) : undefined;
  return {
    external_id: text(row, 'external_id'),
    service: text(given, 'service'),
    team: text(given, 'team'),
    env: text(given, 'env'),
    version: text(facts, 'version'),
    commit_sha: text(facts, 'commit'),
    repository_url: text(row, 'repository_url'),
    repository_id: text(facts, 'repository_id'),
    status: row['status'] as Told['status'],
    started_at: text(facts, 'started_at'),
    finished_at: text(facts, 'finished_at'),
    custom_tags: (row['custom_tags'] as string[] | undefined) ?? [],
    sources: (facts['sources'] as string[] | undefined) ?? [],
    change_failure: given['change_failure'] as boolean | undefined,
    detected_by: text(given, 'detected_by'),
    links: row['links'] as Told['links'],
    remediation: facts['remediation'] as Told['remediation'],
    ran_before: facts['ran_before'] === true || undefined,
    // Not where only another source's report was taken back.
    deleted_at: facts['deleted'] === true ? text(row, 'deleted_at') : undefined,
    lead_times: [readLeadTime(row['lead_time'])].filter((each) => each !== undefined),
    first_received_at: text(facts, 'received_at') ?? String(row['last_received_at']),
    last_received_at: String(row['last_received_at']),
  };
}
