import type { Commit } from '../../domain/deployment/lead-time/median-of-commits.ts';
import { ask, type GitHostAccess, isObject } from './ask.ts';
import { type Compared, type GitHost, type GitHostDeps, mostCommits } from './git-host.ts';

const pageSize = 100;

const notAhead: Record<string, Extract<Compared, { kind: 'not_ahead' }>['reason']> = {
  identical: 'same_commit',
  behind: 'goes_back',
  diverged: 'diverged',
};

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits; commits come a hundred a page, oldest first. */
export function createGithub(access: GitHostAccess & { host: string }, deps: GitHostDeps): GitHost {
  return {
    host: access.host,
    async compare({ path, base, head }, deadlineMs) {
      const [owner, name, ...beyond] = path.split('/').map(encodeURIComponent);
      if (!owner || !name || beyond.length > 0) return { kind: 'not_ahead', reason: 'not_found' };
      const comparison = `/repos/${owner}/${name}/compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}`;
      const commits: Commit[] = [];
      for (let page = 1; ; page++) {
        const { body, refused } = await ask(deps, access, {
          path: `${comparison}?per_page=${pageSize}&page=${page}`,
          headers: (token) => ({
            accept: 'application/vnd.github+json',
            authorization: `Bearer ${token}`,
            'x-github-api-version': '2022-11-28',
          }),
          deadlineMs,
        });
        if (refused) return refused;
        const { status, total_commits: total, commits: found } = body;
        if (status !== 'ahead') {
          const reason = typeof status === 'string' && Object.hasOwn(notAhead, status) && notAhead[status];
          return reason ? { kind: 'not_ahead', reason } : unreadable;
        }
        if (typeof total !== 'number' || !Array.isArray(found)) return unreadable;
        if (total > mostCommits) return { kind: 'not_ahead', reason: 'too_many' };
        const read = found.map(toCommit);
        if (read.includes(undefined)) return unreadable;
        commits.push(...read.filter((each) => each !== undefined));
        if (commits.length >= total) return { kind: 'ahead', commits };
        // Half of the commits is another median.
        if (read.length === 0) return { kind: 'later', reason: 'GitHub named more commits than it listed' };
      }
    },
  };
}

const unreadable: Compared = { kind: 'later', reason: 'GitHub answered without what a comparison has' };

function toCommit(given: unknown): Commit | undefined {
  if (!isObject(given) || !isObject(given['commit'])) return undefined;
  const { committer } = given['commit'];
  const date = isObject(committer) ? committer['date'] : undefined;
  const committedAtMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const { parents } = given;
  return Number.isNaN(committedAtMs)
    ? undefined
    : { committedAtMs, isMerge: Array.isArray(parents) && parents.length > 1 };
}
