import type { SendResult } from '../../domain/destination/destination.ts';
import type { HttpRequest } from '../../ports.ts';
import { userAgent } from '../outgoing-http/user-agent.ts';
import { countdown } from './countdown.ts';
import { type EventPayload, renderEvent } from './event-payload.ts';
import { formatNamed } from './formats/formats.ts';
import { judgeAnswer, judgeFault } from './judge-answer.ts';
import type { DestinationContext, DestinationKind } from './kind.ts';
import { redactSecrets, tokensInUrl } from './redact-secrets.ts';
import { signatures, signingKey } from './standard-webhooks.ts';
import type { WebhookConfig } from './webhook-config.ts';

const defaultTimeoutSeconds = 10;

/** Posts each event to a URL, signed as Standard Webhooks are if there is a secret. */
export const webhookKind: DestinationKind = {
  create(config, context) {
    const webhook = config as WebhookConfig;
    const format = formatNamed(webhook.format);
    const timeoutMs = (webhook.timeout_seconds ?? defaultTimeoutSeconds) * 1000;
    return {
      name: webhook.name,
      type: 'webhook',
      latestOnly: false,
      timeoutMs,
      render: (event) => renderEvent(event, format, webhook.events),
      send: (payload, attemptAtMs) =>
        post(payload as EventPayload, attemptAtMs, { webhook, timeoutMs, context }),
    };
  },
};

interface Target {
  webhook: WebhookConfig;
  timeoutMs: number;
  context: DestinationContext;
}

async function post(payload: EventPayload, attemptAtMs: number, target: Target): Promise<SendResult> {
  const { webhook, timeoutMs, context } = target;
  const inUrl = tokensInUrl(webhook.url);
  let redact = redactSecrets(inUrl);
  const timeLeft = countdown(context.clock, timeoutMs);
  try {
    const secrets = webhook.secret === undefined ? [] : await context.secrets.read(webhook.secret);
    const signed = sign(payload, Math.floor(attemptAtMs / 1000), secrets);
    if ('fault' in signed) return { outcome: 'retry', error: `the secret ${webhook.secret} ${signed.fault}` };
    redact = redactSecrets([...inUrl, ...secrets, ...signed.signatures]);
    const request: HttpRequest = {
      method: 'POST',
      url: webhook.url,
      headers: signed.headers,
      body: payload.body,
      timeoutMs: timeLeft(),
      allowPrivate: webhook.allow_private ?? false,
    };
    return judgeAnswer(await context.http.send(request), attemptAtMs, redact);
  } catch (fault) {
    return judgeFault(fault, redact);
  }
}

type Signed = { headers: Record<string, string>; signatures: string[] } | { fault: string };

/** Everything but the timestamp and what is signed with it is the same on every attempt. */
function sign(payload: EventPayload, timestamp: number, secrets: readonly string[]): Signed {
  const keys: Buffer[] = [];
  for (const secret of secrets) {
    const result = signingKey(secret);
    if ('fault' in result) return result;
    keys.push(result.key);
  }
  const signed = signatures({ id: payload.messageId, timestamp, body: payload.body }, keys);
  const headers = {
    'content-type': payload.contentType,
    'user-agent': userAgent,
    ...payload.headers,
    'webhook-id': payload.messageId,
    'webhook-timestamp': String(timestamp),
    ...(signed.length > 0 ? { 'webhook-signature': signed.join(' ') } : {}),
  };
  return { headers, signatures: signed.map((each) => each.replace(/^v1,/, '')) };
}
