import * as z from 'zod/mini';
import { parseRetryAfter } from '../../domain/retry/retry-after.ts';
import { type Clock, type Http, type HttpAnswer, HttpFault } from '../../ports.ts';

export type DoraList = 'failures' | 'deployments';

export interface DatadogAccess {
  /** `https://api.datadoghq.eu`. */
  baseUrl: string;
  apiKey: string;
  applicationKey: string;
}

/** Datadog did not answer with a list; the message is for a person and holds no key. */
export class DatadogFault extends Error {
  /** For how long Datadog asks to be left alone, where it does. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'DatadogFault';
    this.retryAfterMs = retryAfterMs;
  }
}

export interface DatadogDeps {
  http: Http;
  clock: Clock;
  /** How often the same is asked for, and how long each may take; 5 times 30 s where absent. */
  tries?: number;
  timeoutMs?: number;
  allowPrivate?: boolean;
}

/** As many as have been seen to work; a server may give fewer. */
const asked = 500;
const mostBytes = 32_000_000;
const longestPauseMs = 60_000;

const page = z.object({ data: z.array(z.unknown()) });

/**
 * One page of Datadog's deployments or failures that started in [from, to], both ends in it, in epoch milliseconds;
 * the newest first. There is no cursor. Waits where Datadog asks for it.
 * https://docs.datadoghq.com/api/latest/dora-metrics/
 */
export async function listPage(
  { http, clock, tries = 5, timeoutMs = 30_000, allowPrivate = false }: DatadogDeps,
  { baseUrl, apiKey, applicationKey }: DatadogAccess,
  list: DoraList,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<unknown[]> {
  const attributes = {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    limit: asked,
    sort: '-started_at',
  };
  const body = JSON.stringify({ data: { type: `dora_${list}_list_request`, attributes } });
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (!(answer instanceof HttpFault) && answer.status === 200) return itemsOf(answer);
    const again = answer instanceof HttpFault || answer.status === 429 || answer.status >= 500;
    if (!again || attempt === tries) throw new DatadogFault(explain(answer, list), askedPause(answer));
    await clock.sleep(Math.min(pauseOf(answer, attempt), longestPauseMs));
  }

  async function send(): Promise<HttpAnswer | HttpFault> {
    try {
      return await http.send({
        method: 'POST',
        url: `${baseUrl}/api/v2/dora/${list}`,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'DD-API-KEY': apiKey,
          'DD-APPLICATION-KEY': applicationKey,
        },
        body,
        timeoutMs,
        mostBytes,
        allowPrivate,
      });
    } catch (error) {
      if (error instanceof HttpFault) return error;
      throw error;
    }
  }

  function pauseOf(answer: HttpAnswer | HttpFault, attempt: number): number {
    return askedPause(answer) ?? 1_000 * 2 ** (attempt - 1);
  }

  function askedPause(answer: HttpAnswer | HttpFault): number | undefined {
    if (answer instanceof HttpFault) return undefined;
    const reset = Number(answer.headers['x-ratelimit-reset']) * 1_000;
    return parseRetryAfter(answer.headers['retry-after'], clock.now()) ?? (reset > 0 ? reset : undefined);
  }
}

function itemsOf({ body }: HttpAnswer): unknown[] {
  try {
    return page.parse(JSON.parse(body)).data;
  } catch {
    throw new DatadogFault('Datadog answered with something that is no list, or that broke off.');
  }
}

function explain(answer: HttpAnswer | HttpFault, list: DoraList): string {
  if (answer instanceof HttpFault) return `Datadog cannot be reached: ${answer.message}`;
  const { status } = answer;
  const hint: Record<number, string> = {
    401: ': a key is wrong, or not of this site',
    403: ': a key is wrong, not of this site, or the application key lacks dora_metrics_read',
    404: ': it has no such list (any more); Datadog has announced that incidents can be read until 31 March 2027',
    410: ': it has no such list any more; Datadog has announced that incidents can be read until 31 March 2027',
    429: ': too many requests; try again later',
  };
  return `Datadog answered ${status} when asked for ${list}${hint[status] ?? ''}.`;
}
