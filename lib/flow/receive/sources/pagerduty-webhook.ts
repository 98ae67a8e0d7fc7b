import {
  type EdgeRequest,
  type EdgeResponse,
  jsonResponse,
} from '../../../adapters/incoming-http/request.ts';
import { parseWebhook } from '../../../domain/pagerduty/webhook.ts';
import { expired } from '../../../domain/subject/expired.ts';
import { cut } from '../../../domain/text/cut.ts';
import type { Secrets } from '../../../ports.ts';
import type { IncomingEvent, RequestContext } from '../incoming-event.ts';
import type { Outcome, Reading, Source } from '../source.ts';
import { type Authenticators, authenticate } from './pagerduty-credentials.ts';

/** PagerDuty sends at most 256 KB, a DynamoDB item holds 400 KB. */
export const maxBodyBytes = 320 * 1024;
/** PagerDuty hangs up after 5 seconds; the answer must be out before, whatever the database does. */
const answerWithinMs = 3_800;
const longestHeader = 256;
const longestName = 512;

/**
 * PagerDuty's v3 webhooks. Nothing that might be an authentic delivery is ever answered with a 4xx, since PagerDuty
 * would drop it for good.
 */
export const pagerDutyWebhook = (
  authenticators: Authenticators,
  secrets: Secrets,
  retentionDays: number,
): Source => ({
  configured: Boolean(authenticators.signing_secrets || authenticators.api_keys),
  methods: ['POST'],
  maxBodyBytes,
  answerWithinMs,
  authenticate: (request) => authenticate(request, authenticators, secrets),
  read: (request) => read(request, retentionDays),
  contextOf,
  answer,
  whenMismatched: 'check signing secret and API key of the subscription',
  noun: 'webhook',
  counted: {
    received: 'WebhooksReceived',
    duplicate: 'WebhooksDuplicate',
    refused: 'RequestsRefused',
    unauthenticated: 'WebhooksUnauthenticated',
    mismatched: 'SignatureMismatches',
    quarantined: 'WebhooksQuarantined',
    failed: 'ReceiveFailed',
  },
});

function read({ rawBody, arrivedAtMs }: EdgeRequest, retentionDays: number): Reading {
  const parsed = parseWebhook(rawBody);
  if (parsed.kind === 'ping') {
    const answer = jsonResponse(202, { status: 'pong', event_id: parsed.eventId });
    return { kind: 'answered', answer, ping: parsed.eventId };
  }
  if (parsed.kind === 'unreadable') return parsed;
  const { subject, eventId, eventType, occurredAtMs } = parsed.envelope;
  if (eventId.length > longestName || eventType.length > longestName) {
    const reason = `event.id or event.event_type is longer than ${longestName} characters.`;
    return { kind: 'unreadable', reason };
  }
  const event: IncomingEvent = { subject, eventId, eventType, occurredAtMs, body: parsed.text };
  // What is older than all that is kept was captured and sent again: PagerDuty gives up after 48 hours.
  if (arrivedAtMs - occurredAtMs > retentionDays * 86_400_000) {
    const answer = jsonResponse(202, { status: 'expired', event_id: eventId });
    return { kind: 'events', events: [{ ...event, subject: expired.key(eventId) }], answer };
  }
  return { kind: 'events', events: [event] };
}

/** Any spelling HTTP allows has become lower case at the edge. */
function contextOf({ headers }: EdgeRequest): RequestContext {
  const envHeader = told(headers['dd_env']) ?? told(headers['dd-env']);
  const webhookId = told(headers['x-webhook-id']);
  const subscriptionId = told(headers['x-webhook-subscription']);
  const context: RequestContext = {};
  if (envHeader) context.envHeader = envHeader;
  if (webhookId) context.webhookId = webhookId;
  if (subscriptionId) context.subscriptionId = subscriptionId;
  return context;
}

const told = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : cut(header.trim(), longestHeader) || undefined;

const fault = (status: number, code: string, message: string, headers?: Record<string, string>) =>
  jsonResponse(status, { error: code, message }, headers);

function answer(outcome: Outcome): EdgeResponse {
  switch (outcome.kind) {
    case 'written': {
      // One delivery is one event.
      const [event] = outcome.events;
      return jsonResponse(202, { status: event?.status, event_id: event?.eventId });
    }
    case 'quarantined':
      return jsonResponse(202, { status: 'quarantined' });
    case 'method_not_allowed':
      return fault(405, 'method_not_allowed', 'Send webhooks with POST.', { allow: 'POST' });
    case 'not_configured':
      return fault(503, 'not_configured', 'The bridge has no authenticator configured.');
    case 'body_too_large':
      return fault(413, 'body_too_large', `A body may have at most ${maxBodyBytes} bytes.`);
    case 'unauthenticated':
      return fault(401, 'unauthenticated', 'The request carries no credentials.');
    case 'authentication_failed':
      return fault(503, 'authentication_failed', 'The credentials do not match. Send it again.');
    case 'unavailable':
      return fault(503, 'unavailable', 'Not written down. Send it again.');
  }
}
