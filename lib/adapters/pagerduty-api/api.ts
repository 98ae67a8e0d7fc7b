import { parseRetryAfter } from '../../domain/retry/retry-after.ts';
import { type Clock, type Http, type HttpAnswer, HttpFault, type Random } from '../../ports.ts';
import type { Credentials } from './credentials.ts';
import { createPace, resetMs } from './pace.ts';
import { faultOf, PagerDutyFault } from './pagerduty-fault.ts';

export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the query; only ids of PagerDuty's own in it. */
  path: string;
  query?: readonly (readonly [string, string])[];
  body?: unknown;
  /** A POST that may be repeated although it may have been carried out. */
  repeatable?: true;
}

export interface ApiAnswer {
  status: number;
  /** Empty where the answer has no body. */
  body: Record<string, unknown>;
  headers: HttpAnswer['headers'];
}

/** PagerDuty's REST API, one request at a time. */
export interface PagerDutyApi {
  /** Throws `PagerDutyFault` for whatever is no success. */
  call(call: ApiCall): Promise<ApiAnswer>;
  /** Whom it asks. */
  host: string;
}

export interface ApiDeps {
  http: Http;
  clock: Clock;
  random: Pick<Random, 'unit'>;
  credentials: Credentials;
  /** Without a slash at its end. */
  baseUrl: string;
  /** Of one attempt, and how many: less of both for a question that somebody waits for. */
  timeoutMs?: number;
  tries?: number;
}

const usualMs = 15_000;
const usualTries = 6;
/** A page of incidents with everything in it; more is no page. */
const mostBytes = 20_000_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

type Attempt = { answer: HttpAnswer } | { fault: HttpFault | PagerDutyFault };

/**
 * Asks again after 408, 429, 5xx, a fault of the network and an answer that broke off; after all but 429 not what must
 * not be done twice. PagerDuty advises one request at a time for a token, so calls wait for each other.
 */
export function createPagerDutyApi(deps: ApiDeps): PagerDutyApi {
  const { clock, random, credentials, tries = usualTries } = deps;
  const host = new URL(deps.baseUrl).host;
  const pace = createPace(clock);
  let last: Promise<unknown> = Promise.resolve();

  return {
    host,
    call(call) {
      const mine = last.then(() => ask(call));
      last = mine.catch(() => undefined);
      return mine;
    },
  };

  async function ask(call: ApiCall): Promise<ApiAnswer> {
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      await pace.wait();
      const outcome = await attemptOnce(call, (await credentials.header(false)) ?? '');
      if ('answer' in outcome) pace.note(outcome.answer);
      const done = 'answer' in outcome ? read(outcome.answer, call) : outcome.fault;
      if (!(done instanceof Error)) return done;
      const answer = 'answer' in outcome ? outcome.answer : undefined;
      if (answer?.status === 401 && !renewed && (await credentials.header(true)) !== undefined) {
        renewed = true;
        continue;
      }
      if (!mayHelp(answer, done)) throw done;
      if (answer?.status !== 429 && call.method === 'POST' && !call.repeatable) throw unknown(call, done);
      if (attempt >= tries) throw done instanceof PagerDutyFault ? done : unreached(done);
      await clock.sleep(pauseAfter(answer, attempt));
    }
  }

  async function attemptOnce(call: ApiCall, authorization: string): Promise<Attempt> {
    const { method, path, query = [], body } = call;
    const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
    const text = search.size > 0 ? `?${search}` : '';
    try {
      const answer = await deps.http.send({
        method,
        url: `${deps.baseUrl}${path}${text}`,
        headers: {
          authorization,
          // The second is for stand-ins that follow PagerDuty's published description to the letter.
          accept: 'application/vnd.pagerduty+json;version=2, application/json;q=0.9',
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: deps.timeoutMs ?? usualMs,
        mostBytes,
      });
      return { answer };
    } catch (error) {
      if (error instanceof HttpFault) return { fault: error };
      throw error;
    }
  }

  function read(answer: HttpAnswer, call: ApiCall): ApiAnswer | PagerDutyFault {
    const { status, headers } = answer;
    if (status < 200 || status >= 300) return faultOf(answer, call, host);
    if (answer.body.trim() === '') return { status, headers, body: {} };
    const body = parse(answer.body);
    if (body !== undefined) return { status, headers, body };
    const text = `${host} answered ${call.method} ${call.path} with something that is no JSON object, or broke off`;
    return new PagerDutyFault('unreadable', text, { status });
  }

  function pauseAfter(answer: HttpAnswer | undefined, attempt: number): number {
    const asked =
      answer && (parseRetryAfter(answer.headers['retry-after'], clock.now()) ?? resetMs(answer.headers));
    // A 429 comes without these headers too.
    const usual = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (0.5 + random.unit() / 2);
    return answer?.status === 429 && asked !== undefined ? Math.max(asked, usual) : usual;
  }
}

function mayHelp(answer: HttpAnswer | undefined, fault: Error): boolean {
  if (answer === undefined) return true;
  const { status } = answer;
  return (
    status === 408 ||
    status === 429 ||
    status >= 500 ||
    (fault instanceof PagerDutyFault && fault.code === 'unreadable')
  );
}

const unreached = (fault: Error) => new PagerDutyFault('unavailable', fault.message, { cause: fault });

const unknown = ({ method, path }: ApiCall, cause: Error) =>
  new PagerDutyFault(
    'unknown_outcome',
    `it is not known whether ${method} ${path} was carried out: ${cause.message}`,
    { cause },
  );

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
