import type { LeadTime } from './lead-time.ts';

/** Times in epoch milliseconds. */
export interface Commit {
  /** When it was committed; an author's date may be from long before. */
  committedAtMs: number;
  /** It has several parents, and brings nothing of its own. */
  isMerge: boolean;
}

/** Commits are looked at so far back, from the finish of their deployment. */
export const lookBackMs = 60 * 86_400_000;

/**
 * The median time from commit to the finish of the deployment, merges left out, in whole seconds. A commit that is
 * dated after the finish (clocks differ) took no time.
 */
export function medianOfCommits(
  commits: readonly Commit[],
  finishedAtMs: number,
): Pick<LeadTime, 'commits' | 'left_out' | 'seconds' | 'reason'> {
  const own = commits.filter(({ isMerge }) => !isMerge);
  const ages = own.map(({ committedAtMs }) => Math.max(0, finishedAtMs - committedAtMs));
  const counted = ages.filter((age) => age <= lookBackMs).sort((a, b) => a - b);
  const leftOut = ages.length - counted.length;
  const left_out = leftOut === 0 ? undefined : leftOut;
  if (own.length === 0) return { commits: 0, reason: 'only_merges' };
  if (counted.length === 0) return { commits: 0, left_out, reason: 'old_commits' };
  return { commits: counted.length, left_out, seconds: Math.floor(medianOf(counted) / 1000) };
}

function medianOf(ascending: readonly number[]): number {
  const middle = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(middle)] ?? 0) + (ascending[Math.ceil(middle)] ?? 0)) / 2;
}
