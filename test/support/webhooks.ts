import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggedEvent } from '../../lib/domain/incident/logged-event.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { parseWebhook } from '../../lib/domain/pagerduty/webhook.ts';
import { loggedEvent as toLogged } from '../../lib/flow/receive/incoming-event.ts';

/** A webhook body as PagerDuty sends it; what is in `data` belongs to the event's type. */
export interface WebhookBody {
  event: {
    id: string;
    event_type: string;
    resource_type: string;
    occurred_at: string;
    agent: unknown;
    client: unknown;
    data: Record<string, unknown>;
  };
}

const samples = join(process.cwd(), 'test/fixtures/events');

/** The supported events are the files of this folder. */
export const sampleTypes: readonly string[] = readdirSync(samples)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''))
  .sort();

export function sampleEvent(type: string): WebhookBody {
  return JSON.parse(readFileSync(join(samples, `${type}.json`), 'utf8')) as WebhookBody;
}

const cache = new Map<string, WebhookBody>();

/** The same, read once; for generators. Not to be changed. */
export function cachedSample(type: string): WebhookBody {
  const sample = cache.get(type) ?? sampleEvent(type);
  cache.set(type, sample);
  return sample;
}

export interface BodyOptions {
  id?: string;
  at: string;
  agent?: unknown;
  /** Merged over the sample's data. */
  data?: Record<string, unknown>;
}

/** The sample of this type at another time, with an id of its own and other data. */
export function webhookBody(type: string, { id, at, agent, data }: BodyOptions): WebhookBody {
  const { event } = sampleEvent(sampleTypes.includes(type) ? type : 'incident.triggered');
  return {
    event: {
      ...event,
      id: id ?? randomUUID(),
      event_type: type,
      occurred_at: at,
      ...(agent !== undefined && { agent }),
      data: { ...event.data, ...data },
    },
  };
}

export interface SignedRequest {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
}

/** The request PagerDuty would send. A string is sent as it is, anything else as compact JSON. */
export function signedRequest(
  body: unknown,
  secret: string,
  headers: Record<string, string> = {},
): SignedRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-pagerduty-signature': sign(new TextEncoder().encode(text), secret),
      'x-webhook-id': randomUUID(),
      'x-webhook-subscription': 'PXSUIZH',
      ...headers,
    },
    body: text,
  };
}

/** The log row that `receive` would write for this body. */
export function loggedEvent(body: WebhookBody, extra: Partial<LoggedEvent> = {}): LoggedEvent {
  const text = JSON.stringify(body);
  const parsed = parseWebhook(new TextEncoder().encode(text));
  if (parsed.kind !== 'event') throw new Error(`Not an event: ${JSON.stringify(parsed)}`);
  const occurredAt = new Date(parsed.envelope.occurredAtMs).toISOString();
  return {
    ...toLogged({ ...parsed.envelope, body: text }, occurredAt, {}),
    ...extra,
  };
}
