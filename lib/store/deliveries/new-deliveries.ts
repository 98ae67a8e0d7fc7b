import type { Content } from '../../domain/destination/content.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { putNew } from '../database/request.ts';
import { type Claim, type DeliveryKey, deliveryKey, deliveryShard } from './delivery.ts';

export interface NewDelivery {
  eventId: string;
  eventType: string;
  /** What the destination is to get of it: fixed now, so that its bytes never change. */
  content?: Content;
}

/**
 * Writes the row of a new delivery, claimed by the worker that is about to send it. It needs no due mark: the event
 * it comes from keeps its own until this row is settled or has one.
 */
export async function putDelivery(
  store: Store,
  key: DeliveryKey,
  event: NewDelivery,
  claim: Claim,
): Promise<boolean> {
  return putNew(
    store,
    'deliveries',
    {
      ...deliveryKey(key),
      destination: key.destination,
      sequence: key.sequence,
      event_id: event.eventId,
      event_type: event.eventType,
      content: event.content,
      status: 'pending',
      attempts: 0,
      claim: claim.token,
      claimed_until: iso(claim.untilMs),
    },
    'incident_id',
  );
}

/** Owes a frozen event to one more destination, due at once; `false` when the row exists already. */
export async function backfillDelivery(
  store: Store,
  key: DeliveryKey,
  event: NewDelivery,
  nowMs: number,
): Promise<boolean> {
  return putNew(
    store,
    'deliveries',
    {
      ...deliveryKey(key),
      destination: key.destination,
      sequence: key.sequence,
      event_id: event.eventId,
      event_type: event.eventType,
      content: event.content,
      status: 'pending',
      redriven: true,
      attempts: 0,
      due_shard: deliveryShard(key),
      due_at: iso(nowMs),
      next_attempt_at: iso(nowMs),
    },
    'incident_id',
  );
}
