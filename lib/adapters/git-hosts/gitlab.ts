import type { Commit } from '../../domain/deployment/lead-time/median-of-commits.ts';
import { ask, type GitHostAccess, isObject } from './ask.ts';
import { type Compared, type GitHost, type GitHostDeps, mostCommits } from './git-host.ts';

/**
 * https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits gives all commits in one answer, and does
 * not say whether one contains the other: that, their common ancestor says.
 */
export function createGitlab(access: GitHostAccess & { host: string }, deps: GitHostDeps): GitHost {
  return {
    host: access.host,
    async compare({ path, base, head }, deadlineMs) {
      const repository = `/projects/${encodeURIComponent(path)}/repository`;
      const [from, to] = [encodeURIComponent(base), encodeURIComponent(head)];
      const headers = (token: string) => ({ 'private-token': token });
      const refs = encodeURIComponent('refs[]');
      const common = await ask(deps, access, {
        path: `${repository}/merge_base?${refs}=${from}&${refs}=${to}`,
        headers,
        deadlineMs,
      });
      if (common.refused) return common.refused;
      const { id } = common.body;
      if (typeof id !== 'string') return unreadable;
      const [isBase, isHead] = [base, head].map((commit) => id.startsWith(commit.toLowerCase()));
      if (isHead) return { kind: 'not_ahead', reason: isBase ? 'same_commit' : 'goes_back' };
      if (!isBase) return { kind: 'not_ahead', reason: 'diverged' };
      const wanted = `${repository}/compare?from=${from}&to=${to}&straight=false`;
      const { body, refused } = await ask(deps, access, { path: wanted, headers, deadlineMs });
      if (refused) return refused;
      const { commits: found, compare_timeout } = body;
      if (!Array.isArray(found)) return unreadable;
      if (found.length > mostCommits) return { kind: 'not_ahead', reason: 'too_many' };
      if (found.length === 0 && compare_timeout === true)
        return { kind: 'later', reason: 'GitLab could not compare the two in its time' };
      const commits = found.map(toCommit);
      if (commits.includes(undefined)) return unreadable;
      return { kind: 'ahead', commits: commits.filter((each) => each !== undefined) };
    },
  };
}

const unreadable: Compared = { kind: 'later', reason: 'GitLab answered without what a comparison has' };

function toCommit(given: unknown): Commit | undefined {
  if (!isObject(given)) return undefined;
  // Older versions of GitLab have the date of the commit under `created_at` alone.
  const date = given['committed_date'] ?? given['created_at'];
  const committedAtMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const { parent_ids: parents } = given;
  return Number.isNaN(committedAtMs)
    ? undefined
    : { committedAtMs, isMerge: Array.isArray(parents) && parents.length > 1 };
}
