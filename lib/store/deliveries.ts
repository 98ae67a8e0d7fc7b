import type { Memory } from '../destinations/destination.ts';
import { dueShard, iso } from './due.ts';
import type { Store } from './dynamo.ts';
import { get, putNew, query, type Row, update } from './request.ts';

const table = 'deliveries';

/** Names one delivery: an incident's event number `sequence`, owed to a destination. */
export interface DeliveryKey {
  incidentId: string;
  destination: string;
  sequence: number;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'skipped' | 'dead';

export interface Delivery extends DeliveryKey {
  eventId: string;
  eventType: string;
  status: DeliveryStatus;
  attempts: number;
  /** Server errors and timeouts while the destination accepted other events. */
  strikes: number;
  lastAttemptAt?: string;
  /** When the retry horizon began: the first attempt, or the first time its turn came in vain. */
  owedSince?: string;
  claim?: string;
  claimedUntil?: string;
  dueAt?: string;
  nextAttemptAt?: string;
  /** The next row of this incident and destination relies on this one to be woken. */
  followed: boolean;
  /** Its turn has come; the mark must not be taken away by somebody who read before. */
  released: boolean;
  /** Sent again by a person. */
  redriven: boolean;
  memory?: Memory;
}

export const deliveryId = (destination: string, sequence: number): string =>
  `${destination}#${String(sequence).padStart(8, '0')}`;

const rowKey = (key: DeliveryKey): Row => ({
  incident_id: key.incidentId,
  delivery_id: deliveryId(key.destination, key.sequence),
});

/** Deliveries due are listed per destination, so what one owes never stands in another's way. */
export const deliveryShard = (key: DeliveryKey): string => `${key.destination}#${dueShard(key.incidentId)}`;

export function toDelivery(row: Row): Delivery {
  const optional = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const owedSince = optional('owed_since');
  const lastAttemptAt = optional('last_attempt_at');
  const claim = optional('claim');
  const claimedUntil = optional('claimed_until');
  const dueAt = optional('due_at');
  const nextAttemptAt = optional('next_attempt_at');
  return {
    incidentId: String(row['incident_id']),
    destination: String(row['destination']),
    sequence: Number(row['sequence']),
    eventId: String(row['event_id']),
    eventType: String(row['event_type']),
    status: row['status'] as DeliveryStatus,
    attempts: Number(row['attempts'] ?? 0),
    strikes: Number(row['strikes'] ?? 0),
    followed: row['followed'] === true,
    released: row['released'] === true,
    redriven: row['redriven'] === true,
    ...(owedSince ? { owedSince } : {}),
    ...(lastAttemptAt ? { lastAttemptAt } : {}),
    ...(claim ? { claim } : {}),
    ...(claimedUntil ? { claimedUntil } : {}),
    ...(dueAt ? { dueAt } : {}),
    ...(nextAttemptAt ? { nextAttemptAt } : {}),
    ...(row['memory'] ? { memory: row['memory'] as Memory } : {}),
  };
}

export interface Claim {
  token: string;
  untilMs: number;
}

/**
 * Writes the row of a new delivery, claimed by the worker that is about to send it. It needs no due mark: the
 * event it comes from keeps its own until this row is settled or has one.
 */
export async function putDelivery(
  store: Store,
  key: DeliveryKey,
  event: { eventId: string; eventType: string },
  claim: Claim,
): Promise<boolean> {
  return putNew(
    store,
    table,
    {
      ...rowKey(key),
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

/** The row of an event that leaves for nobody: skipped from the start. */
export async function putSkipped(
  store: Store,
  key: DeliveryKey,
  event: { eventId: string; eventType: string },
  reason: string,
  expiresAt: number,
): Promise<void> {
  await putNew(
    store,
    table,
    {
      ...rowKey(key),
      destination: key.destination,
      sequence: key.sequence,
      event_id: event.eventId,
      event_type: event.eventType,
      status: 'skipped',
      reason,
      attempts: 0,
      expires_at: expiresAt,
    },
    'incident_id',
  );
}

export async function readDelivery(store: Store, key: DeliveryKey): Promise<Delivery | undefined> {
  const row = await get(store, table, rowKey(key));
  return row && toDelivery(row);
}

const unclaimed = '#status = :pending AND (attribute_not_exists(#claim) OR #claimed_until <= :now)';
const mine = '#status = :pending AND #claim = :claim';

/** Claims a delivery for sending; undefined when somebody else has it or it is no longer pending. */
export async function claimDelivery(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  nowMs: number,
): Promise<Delivery | undefined> {
  const row = await update(store, table, rowKey(key), {
    set: { claim: claim.token, claimed_until: iso(claim.untilMs) },
    remove: ['released'],
    when: unclaimed,
    values: { pending: 'pending', now: iso(nowMs) },
  });
  return row && toDelivery(row);
}

/** Records, before the first attempt, what identifies the incident at a state destination. */
export async function rememberBeforeSending(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  memory: Memory,
): Promise<boolean> {
  const row = await update(store, table, rowKey(key), {
    set: { memory },
    when: mine,
    values: { pending: 'pending', claim: claim.token },
  });
  return row !== undefined;
}

export interface Settlement {
  status: 'delivered' | 'skipped' | 'dead';
  reason?: string;
  attempts: number;
  attemptedAtMs?: number;
  statusCode?: number;
  error?: string;
  deliveredAtMs?: number;
  memory?: Memory;
  expiresAt: number;
}

/**
 * Ends a delivery. `followed`: the next row waits for it and must be released first. `lost`: the claim is
 * somebody else's by now. `keepDue` leaves the due mark until the incident's own row has been brought up to date.
 */
export async function settleDelivery(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  settlement: Settlement,
  options: { releasedNext: boolean; keepDue: boolean },
): Promise<'settled' | 'followed' | 'lost'> {
  const row = await update(store, table, rowKey(key), {
    set: {
      status: settlement.status,
      reason: settlement.reason,
      attempts: settlement.attempts,
      ...(settlement.attemptedAtMs === undefined ? {} : { last_attempt_at: iso(settlement.attemptedAtMs) }),
      ...(settlement.attemptedAtMs === undefined ? {} : { last_status_code: settlement.statusCode }),
      ...(settlement.attemptedAtMs === undefined ? {} : { last_error: settlement.error }),
      ...(settlement.deliveredAtMs === undefined ? {} : { delivered_at: iso(settlement.deliveredAtMs) }),
      ...(settlement.memory ? { memory: settlement.memory } : {}),
      expires_at: settlement.expiresAt,
    },
    remove: [
      'claim',
      'claimed_until',
      'next_attempt_at',
      'followed',
      'released',
      ...(options.keepDue ? [] : ['due_shard', 'due_at']),
    ],
    when: options.releasedNext ? mine : `${mine} AND attribute_not_exists(#followed)`,
    values: { pending: 'pending', claim: claim.token },
  });
  if (row) return 'settled';
  const now = await readDelivery(store, key);
  return now?.status === 'pending' && now.claim === claim.token && now.followed ? 'followed' : 'lost';
}

export interface Postponement {
  dueAtMs: number;
  owedSinceMs?: number;
  /** Present when an attempt was made. */
  attempt?: { attempts: number; strikes: number; atMs: number; statusCode?: number; error: string };
}

/** Gives a delivery a due mark for later and lets go of the claim. */
export async function postponeDelivery(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  postponement: Postponement,
): Promise<boolean> {
  const { attempt } = postponement;
  const row = await update(store, table, rowKey(key), {
    set: {
      due_shard: deliveryShard(key),
      due_at: iso(postponement.dueAtMs),
      next_attempt_at: iso(postponement.dueAtMs),
      ...(postponement.owedSinceMs === undefined ? {} : { owed_since: iso(postponement.owedSinceMs) }),
      ...(attempt
        ? {
            attempts: attempt.attempts,
            strikes: attempt.strikes,
            last_attempt_at: iso(attempt.atMs),
            last_status_code: attempt.statusCode,
            last_error: attempt.error,
          }
        : {}),
    },
    remove: ['claim', 'claimed_until'],
    when: mine,
    values: { pending: 'pending', claim: claim.token },
  });
  return row !== undefined;
}

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
  const told = await update(store, table, rowKey(predecessor), {
    set: { followed: true },
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  if (!told) return false;
  if (waiting.dueAt !== undefined) {
    await update(store, table, rowKey(waiting), {
      remove: ['due_shard', 'due_at', 'next_attempt_at'],
      when: '#status = :pending AND #due_at = :seen AND attribute_not_exists(#released)',
      values: { pending: 'pending', seen: waiting.dueAt },
    });
  }
  return true;
}

/** The predecessor is about to end: makes the row that waits behind it due, whoever has claimed it. */
export async function releaseNext(store: Store, key: DeliveryKey, nowMs: number): Promise<boolean> {
  const row = await update(store, table, rowKey(key), {
    set: { due_shard: deliveryShard(key), due_at: iso(nowMs), released: true },
    remove: ['claim', 'claimed_until'],
    when: '#status = :pending',
    values: { pending: 'pending' },
  });
  return row !== undefined;
}

/** Takes the due mark off a row that has ended, once nothing depends on it. */
export async function clearDue(store: Store, key: DeliveryKey): Promise<void> {
  await update(store, table, rowKey(key), {
    remove: ['due_shard', 'due_at'],
    when: 'attribute_exists(#due_at) AND #status <> :pending',
    values: { pending: 'pending' },
  });
}

/** Makes a dead delivery pending and due again; its horizon starts anew. `false` when it is not dead. */
export async function redriveDelivery(store: Store, key: DeliveryKey, nowMs: number): Promise<boolean> {
  const row = await update(store, table, rowKey(key), {
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

/** Owes a frozen event to one more destination, due at once; `false` when the row exists already. */
export async function backfillDelivery(
  store: Store,
  key: DeliveryKey,
  event: { eventId: string; eventType: string },
  nowMs: number,
): Promise<boolean> {
  return putNew(
    store,
    table,
    {
      ...rowKey(key),
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

/** The deliveries of one destination and shard that are due, longest due first. */
export async function dueDeliveries(
  store: Store,
  destination: string,
  shard: string,
  nowMs: number,
  limit: number,
): Promise<(DeliveryKey & { dueAt: string })[]> {
  const rows = await query(store, table, {
    index: 'due',
    keys: '#due_shard = :shard AND #due_at <= :now',
    values: { shard: `${destination}#${shard}`, now: iso(nowMs) },
    limit,
  });
  return rows.map((row) => ({
    incidentId: String(row['incident_id']),
    destination,
    sequence: Number(String(row['delivery_id']).slice(destination.length + 1)),
    dueAt: String(row['due_at']),
  }));
}

/** Every delivery of one incident, in the order of destination and sequence. */
export async function incidentDeliveries(
  store: Store,
  incidentId: string,
  pendingOnly = false,
): Promise<Delivery[]> {
  const rows = await query(store, table, {
    keys: '#incident_id = :id',
    values: { id: incidentId, ...(pendingOnly ? { pending: 'pending' } : {}) },
    ...(pendingOnly ? { filter: '#status = :pending' } : {}),
  });
  return rows.map(toDelivery);
}
