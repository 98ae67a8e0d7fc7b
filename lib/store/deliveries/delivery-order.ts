import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { query, update } from '../database/request.ts';
import { readDelivery } from './deliveries.ts';
import {
  type Claim,
  type Delivery,
  type DeliveryKey,
  deliveryId,
  deliveryKey,
  deliveryShard,
  toDelivery,
} from './delivery.ts';

/**
 * The delivery before this one in its incident's line to the destination: that of the sequence before, unless the
 * destination was not owed that one because it was not configured then.
 */
export async function readPredecessor(store: Store, key: DeliveryKey): Promise<Delivery | undefined> {
  if (key.sequence <= 1) return undefined;
  const before = { ...key, sequence: key.sequence - 1 };
  return (await readDelivery(store, before)) ?? lastDelivery(store, before);
}

/** The last delivery of an incident to a destination up to the key's sequence. */
export async function lastDelivery(store: Store, upTo: DeliveryKey): Promise<Delivery | undefined> {
  const { incidentId, destination, sequence } = upTo;
  const [row] = await query(store, 'deliveries', {
    keys: '#incident_id = :id AND #delivery_id BETWEEN :first AND :last',
    values: { id: incidentId, first: deliveryId(destination, 1), last: deliveryId(destination, sequence) },
    limit: 1,
    descending: true,
  });
  return row && toDelivery(row);
}

/**
 * Lets `waiting` wait behind its predecessor without a due mark of its own: first the predecessor is told who
 * follows it (and must therefore be released when it ends), then the mark goes, unless the predecessor may be ending
 * just now: a claim that has released the row stands in `released_by` until the row ends or somebody has seen that
 * the predecessor is not in that claim's hands any more. (A claim does not come back: only a copy of the request
 * that made it, late by more than it lasts, could bring it back.) `false`: the predecessor has ended meanwhile,
 * nothing was changed.
 */
export async function parkBehind(
  store: Store,
  predecessor: DeliveryKey,
  waiting: Delivery,
): Promise<boolean> {
  const told = await update(store, 'deliveries', deliveryKey(predecessor), {
    add: { followed_by: new Set([waiting.sequence]) },
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  if (!told) return false;
  const { dueAt, claim, releasedBy } = waiting;
  const holder = toDelivery(told).claim;
  const maybeEnding = holder !== undefined && releasedBy.includes(holder);
  if (dueAt === undefined || maybeEnding) return true;
  await update(store, 'deliveries', deliveryKey(waiting), {
    // Its horizon begins when its turn comes again: what is sent again before it must not use it up.
    remove: ['due_shard', 'due_at', 'next_attempt_at', 'released_by', 'owed_since'],
    // A row that was released or claimed since it was read has had its turn: the mark is all that finds it.
    when: [
      '#status = :pending',
      '#due_at = :seen',
      releasedBy.length > 0 ? '#released_by = :released' : 'attribute_not_exists(#released_by)',
      claim === undefined ? 'attribute_not_exists(#claim)' : '#claim = :claim',
    ].join(' AND '),
    values: {
      pending: 'pending',
      seen: dueAt,
      ...(releasedBy.length > 0 ? { released: new Set(releasedBy) } : {}),
      ...(claim === undefined ? {} : { claim }),
    },
  });
  return true;
}

/** The predecessor is about to end under `claim`: makes a row that waits behind it due, whoever has claimed it. */
export async function releaseNext(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  nowMs: number,
): Promise<boolean> {
  const row = await update(store, 'deliveries', deliveryKey(key), {
    set: { due_shard: deliveryShard(key), due_at: iso(nowMs) },
    add: { released_by: new Set([claim.token]) },
    remove: ['claim', 'claimed_until'],
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  return row !== undefined;
}

/** Takes the due mark that was seen off a row that has ended, once nothing depends on it. */
export async function clearDue(store: Store, key: DeliveryKey, seenDueAt: string): Promise<void> {
  await update(store, 'deliveries', deliveryKey(key), {
    remove: ['due_shard', 'due_at'],
    when: '#due_at = :seen AND #status <> :pending',
    values: { pending: 'pending', seen: seenDueAt },
  });
}
