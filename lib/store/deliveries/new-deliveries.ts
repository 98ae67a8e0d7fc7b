import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { putNew } from '../database/request.ts';
import { type Claim, type DeliveryKey, deliveryKey, deliveryShard } from './delivery.ts';

/**
 * Writes the row of a new delivery, claimed by the worker that is about to send it. It needs no due mark: the event
 * it comes from keeps its own until this row is settled or has one.
 */
export async function putDelivery(
  store: Store,
  key: DeliveryKey,
  event: { eventId: string; eventType: string },
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
  event: { eventId: string; eventType: string },
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
