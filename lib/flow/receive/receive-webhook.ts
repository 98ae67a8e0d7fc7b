import { createHash } from 'node:crypto';
import { type EdgeRequest, type EdgeResponse, jsonResponse } from '../../adapters/incoming-http/request.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { parseWebhook, type WebhookEnvelope } from '../../domain/pagerduty/webhook.ts';
import { logKey } from '../../domain/subject/log-key.ts';
import { cut } from '../../domain/text/cut.ts';
import type { Clock, Secrets, Telemetry } from '../../ports.ts';
import { expiry, iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { appendEvent, appendQuarantined } from '../../store/events/append-event.ts';
import { type Authenticators, authenticate } from './authenticate.ts';

export interface ReceiveDeps {
  store: Store;
  secrets: Secrets;
  clock: Clock;
  telemetry: Telemetry;
  config: { authenticate: Authenticators; retention_days: number };
}

export type Receive = (request: EdgeRequest) => Promise<EdgeResponse>;

/** PagerDuty sends at most 256 KB, a DynamoDB item holds 400 KB. */
export const maxBodyBytes = 320 * 1024;
/** PagerDuty hangs up after 5 seconds; the answer must be out before, whatever the database does. */
const answerWithinMs = 3_800;
const leastTimeMs = 300;
const longestHeader = 256;
const longestName = 512;

const fault = (status: number, code: string, message: string, headers?: Record<string, string>) =>
  jsonResponse(status, { error: code, message }, headers);

/**
 * Receives one webhook: authenticates the raw bytes, writes the event down once, answers. Nothing that might be
 * an authentic delivery is ever answered with a 4xx, since PagerDuty would drop it for good. Never throws.
 */
export function createReceive({ store, secrets, clock, telemetry, config }: ReceiveDeps): Receive {
  return async (request) => {
    try {
      const response = await withinDeadline(request, handle(request));
      if (response.status >= 400 && response.status < 500) telemetry.metric('RequestsRefused', 1);
      return response;
    } catch (error) {
      telemetry.metric('ReceiveFailed', 1);
      telemetry.error('webhook not accepted, PagerDuty will send it again', {
        error,
        webhook_id: request.headers['x-webhook-id'],
      });
      return fault(503, 'unavailable', 'Not written down. Send it again.');
    }
  };

  async function withinDeadline(request: EdgeRequest, work: Promise<EdgeResponse>): Promise<EdgeResponse> {
    const timeLeft = request.arrivedAtMs + answerWithinMs - clock.now();
    const deadline = clock.sleep(Math.max(timeLeft, leastTimeMs)).then((): never => {
      throw new Error('deadline: the webhook could not be written down in time');
    });
    work.catch(() => {});
    deadline.catch(() => {});
    return Promise.race([work, deadline]);
  }

  async function handle(request: EdgeRequest): Promise<EdgeResponse> {
    if (request.method !== 'POST') {
      return fault(405, 'method_not_allowed', 'Send webhooks with POST.', { allow: 'POST' });
    }
    if (!config.authenticate.signing_secrets && !config.authenticate.api_keys) {
      telemetry.error('no authenticator is configured, every webhook is refused');
      return fault(503, 'not_configured', 'The bridge has no authenticator configured.');
    }
    if (request.rawBody.byteLength > maxBodyBytes) {
      return fault(413, 'body_too_large', `A body may have at most ${maxBodyBytes} bytes.`);
    }
    const authentication = await authenticate(request, config.authenticate, secrets);
    if (authentication === 'authentic') return accept(request);
    if (authentication === 'stranger') {
      telemetry.metric('WebhooksUnauthenticated', 1);
      return fault(401, 'unauthenticated', 'The request carries no credentials.');
    }
    telemetry.metric('SignatureMismatches', 1);
    telemetry.warn('authentication failed: check signing secret and API key of the subscription', {
      webhook_id: request.headers['x-webhook-id'],
      subscription_id: request.headers['x-webhook-subscription'],
    });
    return fault(503, 'authentication_failed', 'The credentials do not match. Send it again.');
  }

  async function accept(request: EdgeRequest): Promise<EdgeResponse> {
    telemetry.metric('WebhooksReceived', 1);
    const parsed = parseWebhook(request.rawBody);
    if (parsed.kind === 'ping') return jsonResponse(202, { status: 'pong', event_id: parsed.eventId });
    if (parsed.kind === 'unreadable') return quarantine(request, parsed.reason);
    const { envelope, text } = parsed;
    if (envelope.eventId.length > longestName || envelope.eventType.length > longestName) {
      return quarantine(request, `event.id or event.event_type is longer than ${longestName} characters.`);
    }
    const status = await appendEvent(store, toLogged(request, envelope, text), clock.now());
    if (status === 'duplicate') telemetry.metric('WebhooksDuplicate', 1);
    telemetry.info(`webhook ${status}`, {
      event_id: envelope.eventId,
      event_type: envelope.eventType,
      incident_id: envelope.subject,
      webhook_id: request.headers['x-webhook-id'],
    });
    return jsonResponse(202, { status, event_id: envelope.eventId });
  }

  function toLogged(request: EdgeRequest, envelope: WebhookEnvelope, text: string): LoggedEvent {
    return {
      incidentId: envelope.subject,
      logKey: logKey(envelope.occurredAtMs, envelope.eventType, envelope.eventId),
      eventId: envelope.eventId,
      eventType: envelope.eventType,
      occurredAt: iso(envelope.occurredAtMs),
      receivedAt: iso(clock.now()),
      body: text,
      ...contextOf(request),
    };
  }

  async function quarantine(request: EdgeRequest, reason: string): Promise<EdgeResponse> {
    const now = clock.now();
    const sha256 = createHash('sha256').update(request.rawBody).digest('hex');
    await appendQuarantined(store, {
      sha256,
      reason,
      receivedAt: iso(now),
      rawBody: request.rawBody,
      expiresAt: expiry(now, config.retention_days),
      ...contextOf(request),
    });
    telemetry.metric('WebhooksQuarantined', 1);
    telemetry.warn('authentic webhook could not be read and is kept in quarantine', {
      quarantine_id: sha256,
      reason,
    });
    return jsonResponse(202, { status: 'quarantined' });
  }
}

/** What the headers tell beside the body; any spelling HTTP allows has become lower case at the edge. */
function contextOf({ headers }: EdgeRequest): {
  envHeader?: string;
  webhookId?: string;
  subscriptionId?: string;
} {
  const header = (name: string) => cut(headers[name]?.trim() ?? '', longestHeader) || undefined;
  const envHeader = header('dd_env') ?? header('dd-env');
  const webhookId = header('x-webhook-id');
  const subscriptionId = header('x-webhook-subscription');
  return {
    ...(envHeader ? { envHeader } : {}),
    ...(webhookId ? { webhookId } : {}),
    ...(subscriptionId ? { subscriptionId } : {}),
  };
}
