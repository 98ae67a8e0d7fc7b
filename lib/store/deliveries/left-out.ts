import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { putNew, query, update } from '../database/request.ts';
import { type DeliveryKey, deliveryId, deliveryKey, deliveryShard } from './delivery.ts';
import type { NewDelivery } from './new-deliveries.ts';

/**
 * Writes the row of an event that the destination's `only` (or `counts`) leaves out: skipped from the first, and
 * kept so that it can be sent should the incident begin to count. `false` when the row exists already.
 */
export async function putLeftOut(
  store: Store,
  key: DeliveryKey,
  event: NewDelivery,
  skipped: { reason: string; expiresAt: number },
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
      status: 'skipped',
      reason: skipped.reason,
      left_out: true,
      attempts: 0,
      expires_at: skipped.expiresAt,
    },
    'incident_id',
  );
}

/** Sequences up to `upTo` that were left out and have not been released since, in order. */
export async function leftOutSequences(store: Store, upTo: DeliveryKey): Promise<number[]> {
  const { incidentId, destination, sequence } = upTo;
  const rows = await query(store, 'deliveries', {
    keys: '#incident_id = :id AND #delivery_id BETWEEN :first AND :last',
    values: {
      id: incidentId,
      first: deliveryId(destination, 1),
      last: deliveryId(destination, sequence),
      out: true,
    },
    filter: '#left_out = :out',
  });
  return rows.map((row) => Number(row['sequence']));
}

/** The incident counts for the destination after all: owes it what was left out, due at once. */
export async function releaseLeftOut(store: Store, key: DeliveryKey, nowMs: number): Promise<boolean> {
  const row = await update(store, 'deliveries', deliveryKey(key), {
    set: {
      status: 'pending',
      due_shard: deliveryShard(key),
      due_at: iso(nowMs),
      next_attempt_at: iso(nowMs),
    },
    remove: ['left_out', 'reason', 'expires_at'],
    when: '#status = :was AND #left_out = :out',
    values: { was: 'skipped', out: true },
  });
  return row !== undefined;
}
