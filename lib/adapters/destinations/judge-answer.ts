import type { SendResult } from '../../domain/destination/destination.ts';
import { parseRetryAfter } from '../../domain/retry/retry-after.ts';
import { cut } from '../../domain/text/cut.ts';
import type { HttpAnswer } from '../../ports.ts';
import { HttpFault } from '../../ports.ts';
import type { Redact } from './redact-secrets.ts';

/** Client errors that are about keys, addresses, time or load rather than about this payload. */
const worthRetrying = new Set([401, 403, 404, 408, 425, 429]);

const keptOfAnswer = 200;

/** What an HTTP answer means for a delivery (docs/events.md). `nowMs` is for `Retry-After` dates. */
export function judgeAnswer(answer: HttpAnswer, nowMs: number, redact: Redact): SendResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'delivered', statusCode: status };
  const error = describe(answer, redact);
  if (status < 500 && !worthRetrying.has(status)) return { outcome: 'refused', statusCode: status, error };
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], nowMs);
  return {
    outcome: 'retry',
    statusCode: status,
    error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** What a failed exchange means: always worth another try. */
export function judgeFault(fault: unknown, redact: Redact): SendResult {
  const timedOut = fault instanceof HttpFault && fault.timedOut;
  const error = cut(redact(fault instanceof Error ? fault.message : String(fault)), keptOfAnswer);
  return { outcome: 'retry', error, ...(timedOut ? { timedOut } : {}) };
}

function describe({ status, headers, body }: HttpAnswer, redact: Redact): string {
  if (status >= 300 && status < 400) {
    return `HTTP ${status}: redirects are not followed${target(headers['location'], redact)}; configure the final URL`;
  }
  const start = cut(redact(body).replace(/\s+/g, ' ').trim(), keptOfAnswer);
  return start ? `HTTP ${status}: ${start}` : `HTTP ${status}`;
}

/** The host alone says enough to find the mistake; paths and queries can carry tokens. */
function target(location: string | undefined, redact: Redact): string {
  return location !== undefined && URL.canParse(location) ? ` (to ${redact(new URL(location).host)})` : '';
}
