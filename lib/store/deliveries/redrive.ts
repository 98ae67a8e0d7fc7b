import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { update } from '../database/request.ts';
import { type DeliveryKey, deliveryKey, deliveryShard } from './delivery.ts';

/** Makes a dead delivery pending and due again; its horizon starts anew. `false` when it is not dead. */
export async function redriveDelivery(store: Store, key: DeliveryKey, nowMs: number): Promise<boolean> {
  const row = await update(store, 'deliveries', deliveryKey(key), {
    set: {
      status: 'pending',
      redriven: true,
      due_shard: deliveryShard(key),
      due_at: iso(nowMs),
      next_attempt_at: iso(nowMs),
    },
    remove: ['owed_since', 'strikes', 'expires_at', 'reason'],
    when: '#status = :dead',
    values: { dead: 'dead' },
  });
  return row !== undefined;
}
