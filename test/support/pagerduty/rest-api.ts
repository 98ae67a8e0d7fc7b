import type { Account, RestAnswer, RestRequest } from './account.ts';
import { type Asking, refusal, type Told } from './answers.ts';
import { getIncident, listAccountLog, listIncidents, listLogEntries } from './incidents.ts';
import { getService, listAbilities, listServices } from './services.ts';
import {
  changeSubscription,
  createSubscription,
  enableSubscription,
  getSubscription,
  listSubscriptions,
  pingSubscription,
  removeSubscription,
} from './subscriptions.ts';

interface Route {
  method: string;
  path: RegExp;
  /** What a read-only key may not ask. */
  writes?: true;
  answer(asking: Asking): Told;
}

const routes: Route[] = [
  { method: 'GET', path: /^\/services$/, answer: listServices },
  { method: 'GET', path: /^\/services\/(\w+)$/, answer: getService },
  { method: 'GET', path: /^\/abilities$/, answer: listAbilities },
  { method: 'GET', path: /^\/incidents$/, answer: listIncidents },
  { method: 'GET', path: /^\/incidents\/(\w+)$/, answer: getIncident },
  { method: 'GET', path: /^\/log_entries$/, answer: listAccountLog },
  { method: 'GET', path: /^\/incidents\/(\w+)\/log_entries$/, answer: listLogEntries },
  { method: 'GET', path: /^\/webhook_subscriptions$/, answer: listSubscriptions },
  { method: 'GET', path: /^\/webhook_subscriptions\/(\w+)$/, answer: getSubscription },
  { method: 'POST', path: /^\/webhook_subscriptions$/, writes: true, answer: createSubscription },
  { method: 'PUT', path: /^\/webhook_subscriptions\/(\w+)$/, writes: true, answer: changeSubscription },
  { method: 'DELETE', path: /^\/webhook_subscriptions\/(\w+)$/, writes: true, answer: removeSubscription },
  {
    method: 'POST',
    path: /^\/webhook_subscriptions\/(\w+)\/enable$/,
    writes: true,
    answer: enableSubscription,
  },
  {
    method: 'POST',
    path: /^\/webhook_subscriptions\/(\w+)\/ping$/,
    writes: true,
    answer: pingSubscription,
  },
];

const windowMs = 60_000;

/** PagerDuty's REST API as it documents itself and as its clients have met it: rights, limits, pages, errors. */
export function answerRest(account: Account, request: RestRequest): RestAnswer {
  const url = new URL(request.path, 'http://api');
  if (request.method === 'POST' && url.pathname === '/oauth/token') return grant(account, request.body);
  const key = keyOf(account, request);
  if (key === undefined) return asAnswer(refusal(401, 2006, 'Authentication required'));
  const limited = limit(account, key);
  if (limited.remaining < 0) {
    return asAnswer(refusal(429, 2020, 'Rate Limit Exceeded'), limited.headers);
  }
  account.asked.push(`${request.method} ${request.path}`);
  const route = routes.find(({ method, path }) => method === request.method && path.test(url.pathname));
  const ids = route?.path.exec(url.pathname)?.slice(1) ?? [];
  const told =
    route === undefined
      ? refusal(404, 2100, 'Not Found')
      : route.writes && account.tokens.get(key) !== 'full'
        ? refusal(403, 2010, 'Access Denied')
        : route.answer({ account, ids, query: url.searchParams, body: readBody(request.body) });
  return asAnswer(told, limited.headers);
}

function asAnswer({ status = 200, body }: Told, headers: Record<string, string> = {}): RestAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

function keyOf({ tokens }: Account, { headers }: RestRequest): string | undefined {
  const [, key] = /^(?:Token token=|Bearer )(.+)$/.exec(headers['authorization'] ?? '') ?? [];
  return key !== undefined && tokens.has(key) ? key : undefined;
}

function limit(account: Account, key: string): { remaining: number; headers: Record<string, string> } {
  const now = account.clock.now();
  const recent = (account.recent.get(key) ?? []).filter((at) => at > now - windowMs);
  const remaining = account.rateLimit - recent.length - 1;
  if (remaining >= 0) recent.push(now);
  account.recent.set(key, recent);
  const reset = Math.ceil(((recent[0] ?? now) + windowMs - now) / 1000);
  return {
    remaining,
    headers: {
      'ratelimit-limit': String(account.rateLimit),
      'ratelimit-remaining': String(Math.max(remaining, 0)),
      'ratelimit-reset': String(reset),
    },
  };
}

function grant(account: Account, form: string): RestAnswer {
  const fields = new URLSearchParams(form);
  const app = account.apps.find(({ id }) => id === fields.get('client_id'));
  const scopes = (fields.get('scope') ?? '').split(' ').slice(1);
  const granted = app?.secret === fields.get('client_secret') && scopes.every((s) => app?.scopes.includes(s));
  if (!granted) return asAnswer({ status: 400, body: { error: 'invalid_scope' } });
  const access_token = `pdus+_0XBPWQQ_${account.tokens.size}`;
  account.tokens.set(access_token, 'read');
  return asAnswer({
    body: { access_token, token_type: 'bearer', expires_in: 86_400, scope: scopes.join(' ') },
  });
}

function readBody(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}
