import type { Destination, SendResult } from '../../../domain/destination/destination.ts';
import { isDeploymentEvent } from '../../../domain/destination/outgoing-event.ts';
import type { HttpAnswer } from '../../../ports.ts';
import { userAgent } from '../../outgoing-http/user-agent.ts';
import { countdown } from '../countdown.ts';
import { judgeAnswer, judgeFault } from '../judge-answer.ts';
import type { DestinationContext, DestinationKind } from '../kind.ts';
import { redactSecrets } from '../redact-secrets.ts';
import { isWanted, takesOf } from '../wanted-events.ts';
import { baseUrl } from './base-url.ts';
import type { DatadogConfig, DatadogReport } from './datadog-config.ts';
import { rateLimitReset } from './rate-limit-reset.ts';
import { renderDeployment } from './render-deployment.ts';
import { type EventPayload, formAt, renderEvent } from './render-event.ts';
import { type FailureMemory, renderFailure } from './render-failure.ts';
import { type DatadogRequest, marksPath } from './requests.ts';
import { isAboutFailures, judgeRefusal } from './retired-failures.ts';
import { sendMark } from './send-mark.ts';

const defaultTimeoutSeconds = 10;

/** Keeps a DORA failure at Datadog in step with each incident, and a DORA deployment with each deployment. */
export const datadogKind: DestinationKind = {
  takes(config) {
    if (config.lane === 'events') return { deployments: false, incidents: true };
    const reports = reportsOf(config as DatadogConfig);
    const tells = (...words: DatadogReport[]) => words.some((word) => reports.includes(word));
    return { deployments: tells('deployments', 'change_failures'), incidents: tells('failures') };
  },
  create(config, context) {
    const datadog = config as DatadogConfig;
    const reports = reportsOf(datadog);
    const settings = {
      tags: datadog.tags ?? [],
      canDelete: datadog.application_key !== undefined,
      sends: reports.includes('deployments'),
      marks: reports.includes('change_failures'),
      name: datadog.name,
    };
    const timeoutMs = (datadog.timeout_seconds ?? defaultTimeoutSeconds) * 1000;
    const target = { datadog, timeoutMs, context };
    if (config.lane === 'events') return eventsLane(datadog, target);
    return {
      name: datadog.name,
      type: 'datadog',
      latestOnly: true,
      timeoutMs,
      render(event, memory) {
        if (isDeploymentEvent(event)) {
          if (!settings.sends && !settings.marks) return { skip: 'filtered' };
          return renderDeployment(event, memory, settings);
        }
        const wanted = reports.includes('failures') && isWanted(datadog.events, event.type);
        if (!wanted) return { skip: 'filtered' };
        return renderFailure(event, memory as FailureMemory | undefined, settings);
      },
      send: (payload, attemptAtMs) => sendAll(payload as unknown as DatadogPayload, attemptAtMs, target),
    };
  },
};

/** Tells of each incident's course in the Events API. */
function eventsLane({ name, events, tags = [] }: DatadogConfig, target: Target): Destination {
  return {
    name,
    type: 'datadog',
    latestOnly: true,
    timeoutMs: target.timeoutMs,
    render: (event, memory) =>
      isDeploymentEvent(event) || !isWanted(events, event.type)
        ? { skip: 'filtered' }
        : renderEvent(event, memory, tags),
    async send(payload, attemptAtMs) {
      const form = formAt(payload as unknown as EventPayload, attemptAtMs);
      return 'outcome' in form ? form : sendOne(form, attemptAtMs, target);
    },
  };
}

/** What it is told of: what `report` says, and deployments also where `events` names them. */
function reportsOf({ report = ['failures'], events }: DatadogConfig): DatadogReport[] {
  return takesOf(events).deployments ? [...report, 'deployments'] : report;
}

interface DatadogPayload {
  requests: DatadogRequest[];
  /** The body of the failure that was accepted before. */
  took?: string;
}

interface Target {
  datadog: DatadogConfig;
  timeoutMs: number;
  context: DestinationContext;
}

/** In their order; the first that is not accepted decides. Repeating the earlier ones is harmless. */
async function sendAll(
  { requests, took }: DatadogPayload,
  attemptAtMs: number,
  target: Target,
): Promise<SendResult> {
  const timeLeft = countdown(target.context.clock, target.timeoutMs);
  let result: SendResult = { outcome: 'delivered' };
  for (const request of requests) {
    const timeoutMs = target.timeoutMs / requests.length;
    const own = { ...target, timeoutMs };
    result = request.mark
      ? await sendMark(request.mark, attemptAtMs, (each) => exchange(each, attemptAtMs, own))
      : await sendOne(request, attemptAtMs, own);
    if (result.outcome === 'delivered') continue;
    if (result.outcome === 'skipped' || !isAboutFailures(request)) return result;
    // A question has what is left of the attempt's time; without an answer nothing is known.
    return judgeRefusal(result, took, async (question) =>
      sendOne(question, attemptAtMs, { ...target, timeoutMs: timeLeft() }),
    ).catch(() => result);
  }
  return result;
}

async function sendOne(request: DatadogRequest, attemptAtMs: number, target: Target): Promise<SendResult> {
  const answer = await exchange(request, attemptAtMs, target);
  return 'outcome' in answer ? answer : { outcome: 'delivered', statusCode: answer.status };
}

/** The answer where it was accepted, else what came of it. */
async function exchange(
  request: DatadogRequest,
  attemptAtMs: number,
  target: Target,
): Promise<HttpAnswer | SendResult> {
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
    const judged = withRateLimit(judgeAnswer(answer, attemptAtMs, redact), answer);
    return judged.outcome === 'delivered' ? answer : judged;
  } catch (fault) {
    return judgeFault(fault, redact);
  }
}

/** The application key is the more powerful one, so it goes only where it is needed. */
async function readKeys(
  { method, path }: DatadogRequest,
  { datadog, context }: Target,
): Promise<Record<string, string>> {
  const [apiKey = ''] = await context.secrets.read(datadog.api_key);
  const isNeeded = method === 'DELETE' || path.startsWith(marksPath);
  if (!isNeeded || datadog.application_key === undefined) return { 'DD-API-KEY': apiKey };
  const [applicationKey = ''] = await context.secrets.read(datadog.application_key);
  return { 'DD-API-KEY': apiKey, 'DD-APPLICATION-KEY': applicationKey };
}

/** Deleting what is not there, perhaps because an earlier attempt did it, is what was wanted. */
function isAlreadyGone({ method }: DatadogRequest, { status }: HttpAnswer): boolean {
  return method === 'DELETE' && status === 404;
}

function withRateLimit(result: SendResult, answer: HttpAnswer): SendResult {
  const resetMs = rateLimitReset(answer);
  if (result.outcome !== 'retry' || resetMs === undefined) return result;
  return { ...result, retryAfterMs: Math.max(result.retryAfterMs ?? 0, resetMs) };
}
