import { type Delivery, type DeliveryKey, deliveryKey, deliveryShard } from './delivery.ts';
import { iso } from './due.ts';
import type { Store } from './dynamo.ts';
import { update } from './request.ts';

/**
 * Lets `key` wait behind its predecessor without a due mark of its own: first the predecessor is told that it
 * is followed (and must therefore release `key` when it ends), then the mark goes. `false`: the predecessor
 * has ended meanwhile, nothing was changed.
 */
export async function parkBehind(
  store: Store,
  predecessor: DeliveryKey,
  waiting: Delivery,
): Promise<boolean> {
  const told = await update(store, 'deliveries', deliveryKey(predecessor), {
    set: { followed: true },
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  if (!told) return false;
  if (waiting.dueAt !== undefined) {
    await update(store, 'deliveries', deliveryKey(waiting), {
      remove: ['due_shard', 'due_at', 'next_attempt_at'],
      // A row that was released or claimed since it was read has had its turn: the mark is all that finds it.
      when: `#status = :pending AND #due_at = :seen AND attribute_not_exists(#released) AND ${
        waiting.claim === undefined ? 'attribute_not_exists(#claim)' : '#claim = :claim'
      }`,
      values: {
        pending: 'pending',
        seen: waiting.dueAt,
        ...(waiting.claim === undefined ? {} : { claim: waiting.claim }),
      },
    });
  }
  return true;
}

/** The predecessor is about to end: makes the row that waits behind it due, whoever has claimed it. */
export async function releaseNext(store: Store, key: DeliveryKey, nowMs: number): Promise<boolean> {
  const row = await update(store, 'deliveries', deliveryKey(key), {
    set: { due_shard: deliveryShard(key), due_at: iso(nowMs), released: true },
    remove: ['claim', 'claimed_until'],
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  return row !== undefined;
}

/** Takes the due mark off a row that has ended, once nothing depends on it. */
export async function clearDue(store: Store, key: DeliveryKey): Promise<void> {
  await update(store, 'deliveries', deliveryKey(key), {
    remove: ['due_shard', 'due_at'],
    when: 'attribute_exists(#due_at) AND #status <> :pending',
    values: { pending: 'pending' },
  });
}
