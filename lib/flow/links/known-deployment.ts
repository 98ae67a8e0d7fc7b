import { isLeadTimeReason } from '../../domain/deployment/lead-time/reasons.ts';
import { standingOf } from '../../domain/deployment/neighbourhood.ts';
import type { KnownDeployment } from '../../domain/metrics/judge-deployments.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { IndexedDeployment } from '../../store/deployments/by-day.ts';
import { isTakenBack } from '../../store/deployments/taken-back.ts';
import { msOf, textOf } from './row-values.ts';

const kinds = ['standard', 'rollback', 'rollforward'] as const;

/**
 * Undefined for what is no deployment of its own: another one's report from a second source, one that was deleted,
 * one whose service nobody knows (or that stands for the deployments of several services).
 */
export function knownDeployment({ id, facts }: IndexedDeployment): KnownDeployment | undefined {
  const shown = (facts['shown'] ?? {}) as Row;
  const { same_as, service } = shown;
  const { status } = facts;
  if (same_as !== undefined || isTakenBack(facts) || typeof service !== 'string') return undefined;
  return {
    id,
    service,
    team: textOf(shown['team']),
    env: textOf(shown['env']),
    status: status === 'failed' || status === 'in_progress' ? status : 'succeeded',
    startedAtMs: msOf(facts['started_at']),
    finishedAtMs: msOf(facts['finished_at']),
    commitSha: textOf(facts['commit']),
    version: textOf(facts['version']),
    kind: kinds.find((kind) => kind === shown['kind']),
    changeFailure: typeof shown['change_failure'] === 'boolean' ? shown['change_failure'] : undefined,
    remediationId: textOf(shown['remediation_id']),
    leadTimeReason: isLeadTimeReason(shown['lead_time_reason']) ? shown['lead_time_reason'] : undefined,
    leadTimeSeconds: typeof shown['lead_time_seconds'] === 'number' ? shown['lead_time_seconds'] : undefined,
  };
}

/** The same of one whose row may not be written yet: as it was decided last, of this service and env. */
export function decidedDeployment(
  { id, facts }: IndexedDeployment,
  of: { service: string; env: string | undefined },
): KnownDeployment | undefined {
  const standing = standingOf(textOf(facts['verdict']));
  const shown = { ...of, team: facts['team'], change_failure: facts['change_failure'], ...standing };
  return knownDeployment({ id, facts: { ...facts, shown } });
}
