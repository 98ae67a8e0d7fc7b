import { type Deployment, deletedAt, isDeployment } from '../deployment.ts';
import { sameCommit } from '../same-commit.ts';
import { type LeadTime, sameQuestion } from './lead-time.ts';
import { lookBackMs } from './median-of-commits.ts';
import type { LeadTimeReason } from './reasons.ts';

/** What a git host is asked: which commits came between two. */
export interface Comparison {
  /** As in github.com/acme/shop. */
  repository: string;
  base: string;
  head: string;
  /** ISO 8601: when the deployment was. */
  finished_at: string;
}

export type LeadTimeState =
  | { state: 'known'; leadTime: LeadTime }
  | { state: 'none'; reason: LeadTimeReason }
  /** Somebody has to ask. */
  | { state: 'open'; comparison: Comparison };

/** Anything else would be a branch, which is another commit by the time that it is asked for. */
const commitForm = /^[0-9a-f]{7,64}$/i;

/**
 * Where a deployment's lead time stands. What was measured holds for the two commits it was measured between: where
 * another deployment turns out to have come before, it is asked for anew. Undefined for what brings no change: one
 * that is not over, did not succeed, or is another one's double. `gitHosts` are the hosts that can be asked.
 */
export function leadTimeOf(
  deployment: Deployment,
  gitHosts: readonly string[],
  nowMs: number,
): LeadTimeState | undefined {
  const { told, verdict } = deployment;
  if (!verdict || !isDeployment(deployment) || told.status !== 'succeeded') return undefined;
  if (deletedAt(deployment) !== undefined) return undefined;
  const none = (reason: LeadTimeReason): LeadTimeState => ({ state: 'none', reason });
  if (verdict.kind === 'rollback') return none('rollback');
  // The nearest thing to do about it, whatever else is missing.
  if (gitHosts.length === 0) return none('no_git_host');
  const head = told.commit_sha ?? verdict.filled.commit;
  const { previous } = verdict;
  if (head === undefined || !commitForm.test(head)) return none('no_commit');
  if (previous === undefined) return none('no_previous');
  const base = previous.commit;
  if (base === undefined || !commitForm.test(base)) return none('previous_without_commit');
  if (sameCommit(base, head)) return none('same_commit');
  const { finished_at = '', lead_times = [] } = told;
  const known = lead_times.find((each) => sameQuestion(each, { base, head, finished_at }));
  if (known) return { state: 'known', leadTime: known };
  const repository = told.repository_id ?? verdict.filled.repository_id;
  if (repository === undefined) return none('no_repository');
  if (!gitHosts.includes(hostOf(repository))) return none('no_git_host');
  if (nowMs - Date.parse(finished_at) > lookBackMs) return none('too_old');
  return { state: 'open', comparison: { repository, base, head, finished_at } };
}

export const hostOf = (repository: string): string => repository.slice(0, repository.indexOf('/'));
