import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { quarantine } from '../../domain/subject/quarantine.ts';
import { conditionFailed } from '../database/condition-failed.ts';
import { dueShard, iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';

/** How long the stream has to wake the worker before `sweep` looks after the event itself. */
const sweepAfterMs = 30_000;

/**
 * Writes one event down, once: the only write `receive` does. The attributes are marshalled by hand because
 * every import here is paid for at a cold start.
 */
export async function appendEvent(
  store: Store,
  event: LoggedEvent,
  receivedAtMs: number,
): Promise<'accepted' | 'duplicate'> {
  return putOnce(store, {
    incident_id: event.incidentId,
    log_key: event.logKey,
    event_id: event.eventId,
    event_type: event.eventType,
    occurred_at: event.occurredAt,
    received_at: event.receivedAt,
    env_header: event.envHeader,
    webhook_id: event.webhookId,
    subscription_id: event.subscriptionId,
    body: event.body,
    due_shard: dueShard(event.incidentId),
    due_at: iso(receivedAtMs + sweepAfterMs),
  });
}

export interface QuarantinedBody {
  /** Hex SHA-256 of the raw body: the same body again is the same row. */
  sha256: string;
  receivedAt: string;
  reason: string;
  rawBody: Uint8Array;
  webhookId?: string;
  subscriptionId?: string;
  envHeader?: string;
  expiresAt: number;
}

/** Keeps an authentic but unreadable body for people to look at and replay. */
export async function appendQuarantined(
  store: Store,
  body: QuarantinedBody,
): Promise<'accepted' | 'duplicate'> {
  return putOnce(
    store,
    {
      incident_id: quarantine.key(body.sha256),
      log_key: 'quarantined',
      received_at: body.receivedAt,
      reason: body.reason,
      env_header: body.envHeader,
      webhook_id: body.webhookId,
      subscription_id: body.subscriptionId,
    },
    { body_bytes: { B: body.rawBody }, expires_at: { N: String(body.expiresAt) } },
  );
}

async function putOnce(
  store: Store,
  strings: Record<string, string | undefined>,
  others: Record<string, { B: Uint8Array } | { N: string }> = {},
): Promise<'accepted' | 'duplicate'> {
  const item: Record<string, { S: string } | { B: Uint8Array } | { N: string }> = others;
  for (const name in strings) {
    const value = strings[name];
    if (value !== undefined) item[name] = { S: value };
  }
  try {
    await store.db.send(
      new PutItemCommand({
        TableName: store.table('events'),
        Item: item as never,
        ConditionExpression: 'attribute_not_exists(#incident_id)',
        ExpressionAttributeNames: { '#incident_id': 'incident_id' },
      }),
    );
    return 'accepted';
  } catch (error) {
    if (conditionFailed(error)) return 'duplicate';
    throw error;
  }
}
