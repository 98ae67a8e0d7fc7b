import type { HttpAnswer } from '../../ports.ts';

export type PagerDutyFaultCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'ability_missing'
  | 'not_found'
  | 'refused'
  | 'rate_limited'
  | 'unavailable'
  | 'unreadable'
  /** Something that must not be done twice may have been done, or not. */
  | 'unknown_outcome'
  | 'no_token';

/** Why PagerDuty's REST API did not do what it was asked; a sentence for people without anything secret in it. */
export class PagerDutyFault extends Error {
  override readonly name = 'PagerDutyFault';
  readonly code: PagerDutyFaultCode;
  /** Absent where there was no answer. */
  readonly status: number | undefined;
  constructor(
    code: PagerDutyFaultCode,
    message: string,
    options: { status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status;
  }
}

/** Where there may be nothing, 404 is an answer. */
export async function absentIfNotFound<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PagerDutyFault && error.code === 'not_found') return undefined;
    throw error;
  }
}

export interface Asked {
  method: string;
  path: string;
}

/** An answer that is final. `host` is whom it came from: a token of the other region is simply unknown there. */
export function faultOf(answer: HttpAnswer, asked: Asked, host: string): PagerDutyFault {
  const { status } = answer;
  const said = saidBy(answer.body);
  const what = `${asked.method} ${asked.path}`;
  const fault = (code: PagerDutyFaultCode, text: string) => new PagerDutyFault(code, text, { status });
  if (status === 401) {
    const other = host === 'api.eu.pagerduty.com' ? 'us' : 'eu';
    return fault(
      'unauthenticated',
      `${host} does not know the token (401). It is wrong or revoked, or the account is in the other region: then set pagerduty.region: ${other}`,
    );
  }
  if (status === 402 || said.number === 2014) {
    return fault('ability_missing', `the account's plan does not have what ${what} needs${said.text}`);
  }
  if (status === 403) {
    const why = 'a read-only key, a role or a missing scope';
    return fault('forbidden', `the token may not ${what} (403: ${why})${said.text}`);
  }
  if (status === 404) return fault('not_found', `${what}: PagerDuty has no such thing (404)${said.text}`);
  if (status === 429) return fault('rate_limited', `${host} still says 429 after all attempts: ${what}`);
  if (status === 408 || status >= 500)
    return fault('unavailable', `${host} answered ${status} to ${what}, at every attempt${said.text}`);
  return fault('refused', `${host} answered ${status} to ${what}${said.text}`);
}

/** `{"error": {"message", "code", "errors": []}}`, of which any part may be missing, or all of it. */
function saidBy(body: string): { number?: number; text: string } {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown; code?: unknown; errors?: unknown } };
    const parts = [error?.message, ...(Array.isArray(error?.errors) ? error.errors : [])];
    const texts = parts.filter((part): part is string => typeof part === 'string').map((part) => part.trim());
    return {
      ...(typeof error?.code === 'number' && { number: error.code }),
      text: texts.length > 0 ? `: ${texts.join('; ').slice(0, 300)}` : '',
    };
  } catch {
    return { text: '' };
  }
}
