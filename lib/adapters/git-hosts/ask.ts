import { parseRetryAfter } from '../../domain/retry/retry-after.ts';
import { type HttpAnswer, HttpFault } from '../../ports.ts';
import { userAgent } from '../outgoing-http/user-agent.ts';
import type { Compared, GitHostDeps } from './git-host.ts';

export interface GitHostAccess {
  /** Where the API begins, without a slash at its end. */
  api: string;
  /** Reference to the token. */
  token: string;
  allow_private: boolean;
}

export interface Ask {
  /** Below the API's address, with its query. */
  path: string;
  headers(token: string): Record<string, string>;
  deadlineMs: number;
}

type NotNow = Extract<Compared, { kind: 'later' | 'not_ahead' }>;
export type Asked = { body: Record<string, unknown>; refused?: never } | { refused: NotNow; body?: never };

const attemptMs = 10_000;
/** Comparisons carry differences of files as well. */
const mostBytes = 20_000_000;

/** One page of an answer, or what its absence means. What is refused for good is what nobody can know. */
export async function ask(deps: GitHostDeps, access: GitHostAccess, wanted: Ask): Promise<Asked> {
  const { host } = new URL(access.api);
  const later = (reason: string, untilMs?: number): Asked => ({
    refused: { kind: 'later', reason: `${host} ${reason}`, untilMs },
  });
  const token = await deps.secrets.read(access.token).then(
    ([first]) => first,
    () => undefined,
  );
  if (token === undefined) return later(`cannot be asked: ${access.token} cannot be read`);
  const headers = { accept: 'application/json', 'user-agent': userAgent, ...wanted.headers(token) };
  let url = `${access.api}${wanted.path}`;
  for (const isMoved of [false, true]) {
    const leftMs = wanted.deadlineMs - deps.clock.now();
    if (leftMs <= 0) return later('did not answer all of it in time');
    const sent = { method: 'GET' as const, url, headers, allowPrivate: access.allow_private, mostBytes };
    const answer = await deps.http
      .send({ ...sent, timeoutMs: Math.min(attemptMs, leftMs) })
      .catch((error: unknown) => error);
    if (answer instanceof HttpFault) return later(`does not answer: ${answer.message}`);
    if (answer instanceof Error || !isAnswer(answer)) throw answer;
    const moved = isMoved ? undefined : movedTo(answer, url);
    if (moved === undefined) return read(answer, later, deps.clock.now());
    url = moved;
  }
  return later('leads from one address to another');
}

const isAnswer = (value: unknown): value is HttpAnswer =>
  typeof value === 'object' && value !== null && 'status' in value;

/** A repository that was renamed; the token goes to no other host than the one it is for. */
function movedTo({ status, headers }: HttpAnswer, url: string): string | undefined {
  const { location } = headers;
  if (![301, 302, 307, 308].includes(status) || location === undefined) return undefined;
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
  return next?.origin === new URL(url).origin ? next.href : undefined;
}

function read(answer: HttpAnswer, later: (reason: string, untilMs?: number) => Asked, nowMs: number): Asked {
  const { status, headers, body } = answer;
  if (status === 200) return parsed(body) ?? later('answered with something that is no JSON, or broke off');
  const limited = status === 429 || (status === 403 && isLimited(headers));
  if (limited) return later(`answered ${status}, too many requests`, resetMs(headers, nowMs));
  if (status === 401 || status === 403)
    return later(`answered ${status}; the token is wrong, or may not read`);
  if (status >= 500) return later(`answered ${status}`, resetMs(headers, nowMs));
  return { refused: { kind: 'not_ahead', reason: 'not_found' } };
}

function parsed(body: string): Asked | undefined {
  // What is longer was cut off there.
  if (Buffer.byteLength(body) >= mostBytes) return { refused: { kind: 'not_ahead', reason: 'too_many' } };
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? { body: value } : undefined;
  } catch {
    return undefined;
  }
}

/** GitHub says 403 for a limit, too: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const isLimited = (headers: Record<string, string>): boolean =>
  headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';

/** When it may be asked again: Retry-After, else the end of the limit in epoch seconds (GitHub's name, GitLab's). */
function resetMs(headers: Record<string, string>, nowMs: number): number | undefined {
  const after = parseRetryAfter(headers['retry-after'], nowMs);
  if (after !== undefined) return nowMs + after;
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) && reset > 0 ? reset * 1000 : undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
