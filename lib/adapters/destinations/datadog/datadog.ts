import type { SendResult } from '../../../domain/destination/destination.ts';
import type { HttpAnswer } from '../../../ports.ts';
import { countdown } from '../countdown.ts';
import { judgeAnswer, judgeFault } from '../judge-answer.ts';
import type { DestinationContext, DestinationKind } from '../kind.ts';
import { redactSecrets } from '../redact-secrets.ts';
import { userAgent } from '../user-agent.ts';
import type { DatadogConfig } from './datadog-config.ts';
import { rateLimitReset } from './rate-limit-reset.ts';
import { type FailureMemory, type FailureRequest, renderFailure } from './render-failure.ts';

const defaultTimeoutSeconds = 10;

/** Keeps a DORA failure at Datadog in step with each incident. */
export const datadogKind: DestinationKind = {
  create(config, context) {
    const datadog = config as DatadogConfig;
    const settings = { tags: datadog.tags ?? [], canDelete: datadog.application_key !== undefined };
    const timeoutMs = (datadog.timeout_seconds ?? defaultTimeoutSeconds) * 1000;
    return {
      name: datadog.name,
      type: 'datadog',
      latestOnly: true,
      timeoutMs,
      render(event, memory) {
        if (datadog.events && !datadog.events.includes(event.type)) return { skip: 'filtered' };
        return renderFailure(event, memory as FailureMemory | undefined, settings);
      },
      send: (payload, attemptAtMs) =>
        sendAll((payload as unknown as { requests: FailureRequest[] }).requests, attemptAtMs, {
          datadog,
          timeoutMs,
          context,
        }),
    };
  },
};

interface Target {
  datadog: DatadogConfig;
  timeoutMs: number;
  context: DestinationContext;
}

/** In their order; the first that is not accepted decides. Repeating the earlier ones is harmless. */
async function sendAll(requests: FailureRequest[], attemptAtMs: number, target: Target): Promise<SendResult> {
  let result: SendResult = { outcome: 'delivered' };
  for (const request of requests) {
    result = await sendOne(request, attemptAtMs, {
      ...target,
      timeoutMs: target.timeoutMs / requests.length,
    });
    if (result.outcome !== 'delivered') return result;
  }
  return result;
}

async function sendOne(request: FailureRequest, attemptAtMs: number, target: Target): Promise<SendResult> {
  const { datadog, timeoutMs, context } = target;
  let redact = redactSecrets([]);
  try {
    const timeLeft = countdown(context.clock, timeoutMs);
    const keys = await readKeys(request, target);
    redact = redactSecrets(Object.values(keys));
    const answer = await context.http.send({
      method: request.method,
      url: `${baseUrl(datadog)}${request.path}`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': userAgent,
        ...keys,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      timeoutMs: timeLeft(),
      allowPrivate: datadog.allow_private ?? false,
    });
    if (isAlreadyGone(request, answer)) return { outcome: 'delivered', statusCode: answer.status };
    return withRateLimit(judgeAnswer(answer, attemptAtMs, redact), answer);
  } catch (fault) {
    return judgeFault(fault, redact);
  }
}

/** The application key is the more powerful one, so it goes only where it is needed. */
async function readKeys(
  { method }: FailureRequest,
  { datadog, context }: Target,
): Promise<Record<string, string>> {
  const [apiKey = ''] = await context.secrets.read(datadog.api_key);
  if (method !== 'DELETE' || datadog.application_key === undefined) return { 'DD-API-KEY': apiKey };
  const [applicationKey = ''] = await context.secrets.read(datadog.application_key);
  return { 'DD-API-KEY': apiKey, 'DD-APPLICATION-KEY': applicationKey };
}

function baseUrl({ base_url, site = 'datadoghq.com' }: DatadogConfig): string {
  if (base_url !== undefined) return base_url.replace(/\/+$/, '');
  return site.includes('://') ? site.replace(/\/+$/, '') : `https://api.${site}`;
}

/** Deleting what is not there, perhaps because an earlier attempt did it, is what was wanted. */
function isAlreadyGone({ method }: FailureRequest, { status }: HttpAnswer): boolean {
  return method === 'DELETE' && status === 404;
}

function withRateLimit(result: SendResult, answer: HttpAnswer): SendResult {
  const resetMs = rateLimitReset(answer);
  if (result.outcome !== 'retry' || resetMs === undefined) return result;
  return { ...result, retryAfterMs: Math.max(result.retryAfterMs ?? 0, resetMs) };
}
