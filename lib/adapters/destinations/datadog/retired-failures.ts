import type { Retired, SendResult } from '../../../domain/destination/destination.ts';
import type { DatadogRequest } from './requests.ts';

export const failurePath = '/api/v2/dora/failure';

/** A deletion that is refused may be the application key's fault, and what is not there needs none. */
export const isAboutFailures = ({ method, path }: DatadogRequest): boolean =>
  method === 'POST' && path === failurePath;

/** Answers 200 to any valid API key. https://docs.datadoghq.com/api/latest/authentication/ */
const validate: DatadogRequest = { method: 'GET', path: '/api/v1/validate' };

type Refusal = Extract<SendResult, { outcome: 'retry' | 'refused' }>;

/** What is said where Datadog takes no incidents for failures any more, as it has announced. */
const retired: Retired = {
  reason: 'retired: Datadog takes no failures any more',
  remedy:
    'Datadog announced that it takes incidents for its DORA metrics until 31 December 2026. docs/moving-from-datadog-dora.md says what takes their place. What is dead can be redriven should Datadog take failures again.',
};

/**
 * What a refused failure means: Datadog refuses this one, or takes none any more. What it will answer then is not
 * documented, so a 404 or 410 is taken at its word, a refusal of the key only if the key is valid, and any other
 * client error only if it refuses by now what it has accepted before. `took` is the last body of the incident that
 * was accepted; `ask` sends one more request.
 */
export async function judgeRefusal(
  result: Refusal,
  took: string | undefined,
  ask: (request: DatadogRequest) => Promise<SendResult>,
): Promise<SendResult> {
  const { statusCode = 0 } = result;
  if (!(await isRetired(statusCode, took, ask))) return result;
  return { outcome: 'refused', statusCode, error: result.error, retired };
}

async function isRetired(
  status: number,
  took: string | undefined,
  ask: (request: DatadogRequest) => Promise<SendResult>,
): Promise<boolean> {
  if (status === 404 || status === 410) return true;
  if (status === 401 || status === 403) return (await ask(validate)).outcome === 'delivered';
  if (took === undefined || !isAboutTheBody(status)) return false;
  const again = await ask({ method: 'POST', path: failurePath, body: took });
  return (again.outcome === 'refused' || again.outcome === 'retry') && isAboutTheBody(again.statusCode ?? 0);
}

/** Not about time or load, and no redirect. */
const isAboutTheBody = (status: number): boolean =>
  status >= 400 && status < 500 && ![408, 425, 429].includes(status);
