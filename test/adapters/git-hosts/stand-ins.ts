import { type Answer, type LocalServer, type Received, startServer } from '../outgoing-http/local-server.ts';
import { compareIn, type History, type HistoryCommit } from './history.ts';

export interface StandIn extends LocalServer {
  /** Answers instead of the host from now on; undefined gives the host its turn back. */
  behave(other: ((answer: Answer, request: Received) => void) | undefined): void;
}

/** Repositories by their path, as in acme/shop; both hosts answer below `prefix`. */
export type Repositories = Record<string, History>;

function json(answer: Answer, status: number, body: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function start(respond: (answer: Answer, request: Received) => void): Promise<StandIn> {
  let instead: ((answer: Answer, request: Received) => void) | undefined;
  const server = await startServer((answer, request) => (instead ?? respond)(answer, request));
  const behave = (other: typeof instead) => {
    instead = other;
  };
  return Object.assign(server, { behave });
}

/** GitHub's comparison of two commits: pages of at most 100 commits, files on the first. */
export const startGithub = (repositories: Repositories, token: string, prefix = '/api/v3') =>
  start((answer, { path, headers }) => {
    const url = new URL(path, 'http://host');
    if (headers.authorization !== `Bearer ${token}`) return json(answer, 401, { message: 'Bad credentials' });
    if (!headers['user-agent']) return json(answer, 403, { message: 'Administrative rules: no user agent' });
    const asked = new RegExp(`^${prefix}/repos/([^/]+/[^/]+)/compare/([^.]+)\\.\\.\\.([^.]+)$`).exec(
      url.pathname,
    );
    const history = asked && repositories[asked[1] ?? ''];
    const range = history && compareIn(history, asked[2] ?? '', asked[3] ?? '');
    if (!range) return json(answer, 404, { message: 'Not Found' });
    const { ahead, behind } = range;
    const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
    const page = Number(url.searchParams.get('page') ?? 1);
    const status = ahead.length === 0 ? (behind.length === 0 ? 'identical' : 'behind') : 'ahead';
    return json(answer, 200, {
      status: ahead.length > 0 && behind.length > 0 ? 'diverged' : status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead.slice((page - 1) * size, page * size).map(asGithub),
      ...(page === 1 && { files: [{ filename: 'README.md', patch: '@@' }] }),
    });
  });

const asGithub = ({ sha, date, parents }: HistoryCommit) => ({
  sha,
  commit: { message: 'x', author: { date: '1999-01-01T00:00:00Z' }, committer: { name: 'web-flow', date } },
  parents: parents.map((parent) => ({ sha: parent })),
});

/** GitLab's common ancestor and comparison: all commits in one answer. */
export const startGitlab = (repositories: Repositories, token: string, prefix = '/api/v4') =>
  start((answer, { path, headers }) => {
    const url = new URL(path, 'http://host');
    if (headers['private-token'] !== token) return json(answer, 401, { message: '401 Unauthorized' });
    const asked = new RegExp(`^${prefix}/projects/([^/]+)/repository/(merge_base|compare)$`).exec(
      url.pathname,
    );
    const history = asked && repositories[decodeURIComponent(asked[1] ?? '')];
    if (!asked || !history) return json(answer, 404, { message: '404 Project Not Found' });
    const [from = '', to = ''] =
      asked[2] === 'compare'
        ? [url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? '']
        : url.searchParams.getAll('refs[]');
    const range = compareIn(history, from, to);
    if (!range) return json(answer, 404, { message: '404 Ref Not Found' });
    if (asked[2] === 'merge_base') {
      const { mergeBase } = range;
      return mergeBase === undefined
        ? json(answer, 404, { message: '404 Merge Base Not Found' })
        : json(answer, 200, asGitlab(history.get(mergeBase) as HistoryCommit));
    }
    return json(answer, 200, { commits: range.ahead.map(asGitlab), diffs: [], compare_timeout: false });
  });

const asGitlab = ({ sha, date, parents }: HistoryCommit) => ({
  id: sha,
  parent_ids: parents,
  authored_date: '1999-01-01T00:00:00.000Z',
  committed_date: date,
  created_at: date,
});
