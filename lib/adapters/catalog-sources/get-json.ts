import { parseRetryAfter } from '../../domain/retry/retry-after.ts';
import { type HttpAnswer, HttpFault } from '../../ports.ts';
import { type SourceDeps, SourceFault } from './source.ts';

export interface GetJson {
  url: string;
  headers: Record<string, string>;
  deadlineMs: number;
  allowPrivate: boolean;
  /** Answers that mean there is nothing, by status. */
  nothing?: readonly number[];
}

const tries = 4;
const attemptMs = 20_000;
/** A page of definitions; more is no page. */
const mostBytes = 20_000_000;
const firstPauseMs = 1_000;

/**
 * One page as a JSON object, undefined where there is nothing. Tries again where that may help (429, 5xx, network)
 * and waits as long as the answer asks for, within the deadline.
 */
export async function getJson(
  deps: SourceDeps,
  request: GetJson,
): Promise<Record<string, unknown> | undefined> {
  const { clock } = deps;
  const where = new URL(request.url);
  const place = `${where.host}${where.pathname}`;
  for (let attempt = 1; ; attempt++) {
    const left = request.deadlineMs - clock.now();
    if (left <= 0) throw new SourceFault(`${place} did not give all of it in time`);
    const answer = await attemptOnce(deps, request, Math.min(attemptMs, left));
    if (!(answer instanceof HttpFault)) {
      if (answer.status === 200) return parse(answer.body, place);
      if (request.nothing?.includes(answer.status)) return undefined;
      const again = answer.status === 429 || answer.status >= 500;
      if (!again || attempt === tries)
        throw new SourceFault(`${place} answered ${answer.status}${hint(answer)}`);
    } else if (attempt === tries) throw new SourceFault(`${place}: ${answer.message}`);
    const asked =
      answer instanceof HttpFault ? undefined : parseRetryAfter(answer.headers['retry-after'], clock.now());
    const pause = asked ?? firstPauseMs * 2 ** (attempt - 1);
    if (pause >= request.deadlineMs - clock.now()) {
      throw new SourceFault(
        `${place} asks to wait ${Math.ceil(pause / 1000)} s, which is more than there is time for`,
      );
    }
    await clock.sleep(pause);
  }
}

async function attemptOnce(
  { http }: SourceDeps,
  { url, headers, allowPrivate }: GetJson,
  timeoutMs: number,
): Promise<HttpAnswer | HttpFault> {
  try {
    return await http.send({
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...headers },
      timeoutMs,
      allowPrivate,
      mostBytes,
    });
  } catch (error) {
    if (error instanceof HttpFault) return error;
    throw error;
  }
}

function parse(body: string, place: string): Record<string, unknown> {
  // What is longer was cut off there; half of a page is no page.
  if (Buffer.byteLength(body) >= mostBytes) {
    throw new SourceFault(`${place} answered with more than ${mostBytes / 1e6} MB in one page`);
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SourceFault(`${place} answered with something that is not JSON, or broke off`);
  }
  if (isObject(value)) return value;
  throw new SourceFault(`${place} answered with JSON that is not an object`);
}

const hint = ({ status }: HttpAnswer): string =>
  status === 401 || status === 403 ? '; the token or keys are wrong, or may not read the catalog' : '';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
