import type { Memory } from '../../domain/destination/destination.ts';
import { furthestAhead, iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, update } from '../database/request.ts';
import {
  type Claim,
  type Delivery,
  type DeliveryKey,
  deliveryKey,
  deliveryShard,
  toDelivery,
} from './delivery.ts';

export async function readDelivery(store: Store, key: DeliveryKey): Promise<Delivery | undefined> {
  const row = await get(store, 'deliveries', deliveryKey(key));
  return row && toDelivery(row);
}

const unclaimed =
  '#status = :pending AND (attribute_not_exists(#claim) OR #claimed_until <= :now OR #claimed_until > :ahead)';
/** No claim lasts longer. */
const longestClaimMs = 60_000;
const mine = '#status = :pending AND #claim = :claim';

/** Claims a delivery for sending; undefined when somebody else has it or it is no longer pending. */
export async function claimDelivery(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  nowMs: number,
): Promise<Delivery | undefined> {
  const row = await update(store, 'deliveries', deliveryKey(key), {
    set: { claim: claim.token, claimed_until: iso(claim.untilMs) },
    when: unclaimed,
    values: { pending: 'pending', now: iso(nowMs), ahead: furthestAhead(nowMs, longestClaimMs) },
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
  const row = await update(store, 'deliveries', deliveryKey(key), {
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
 * Ends a delivery. A list: these rows wait for it and must be released first. `lost`: the claim is somebody else's
 * by now. `released` are those that have been; `keepDue` leaves the due mark until the incident's own row has been
 * brought up to date.
 */
export async function settleDelivery(
  store: Store,
  key: DeliveryKey,
  claim: Claim,
  settlement: Settlement,
  options: { released: readonly number[]; keepDue: boolean },
): Promise<'settled' | 'lost' | number[]> {
  const { released, keepDue } = options;
  const row = await update(store, 'deliveries', deliveryKey(key), {
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
      'followed_by',
      'released_by',
      ...(keepDue ? [] : ['due_shard', 'due_at']),
    ],
    when: `${mine} AND ${released.length ? '#followed_by = :released' : 'attribute_not_exists(#followed_by)'}`,
    values: {
      pending: 'pending',
      claim: claim.token,
      ...(released.length ? { released: new Set(released) } : {}),
    },
  });
  if (row) return 'settled';
  const now = await readDelivery(store, key);
  const ours = now?.status === 'pending' && now.claim === claim.token;
  return ours && now.followedBy.length > released.length ? now.followedBy : 'lost';
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
  const row = await update(store, 'deliveries', deliveryKey(key), {
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

/** The deliveries of one destination and shard that are due, longest due first. */
export async function dueDeliveries(
  store: Store,
  destination: string,
  shard: string,
  nowMs: number,
  limit: number,
): Promise<(DeliveryKey & { dueAt: string })[]> {
  const rows = await query(store, 'deliveries', {
    index: 'due',
    keys: '#due_shard = :shard AND #due_at <= :now',
    values: { shard: `${destination}#${shard}`, now: iso(nowMs) },
    limit,
  });
  return rows.map((row) => toDue(row, destination));
}

/** Deliveries of one destination and shard whose due marks are further ahead than `beyondMs`. */
export async function deliveriesDueBeyond(
  store: Store,
  destination: string,
  shard: string,
  beyondMs: number,
): Promise<(DeliveryKey & { dueAt: string })[]> {
  const rows = await query(store, 'deliveries', {
    index: 'due',
    keys: '#due_shard = :shard AND #due_at > :beyond',
    values: { shard: `${destination}#${shard}`, beyond: iso(beyondMs) },
  });
  return rows.map((row) => toDue(row, destination));
}

/** Moves a due mark, unless it has been moved since it was seen. */
export async function moveDelivery(
  store: Store,
  { dueAt, ...key }: DeliveryKey & { dueAt: string },
  toMs: number,
): Promise<void> {
  const at = iso(toMs);
  const set = { due_at: at, next_attempt_at: at };
  await update(store, 'deliveries', deliveryKey(key), {
    set,
    when: '#due_at = :seen',
    values: { seen: dueAt },
  });
}

const toDue = (row: Row, destination: string): DeliveryKey & { dueAt: string } => ({
  incidentId: String(row['incident_id']),
  destination,
  sequence: Number(String(row['delivery_id']).slice(destination.length + 1)),
  dueAt: String(row['due_at']),
});

/** Every delivery of one incident, in the order of destination and sequence. */
export async function incidentDeliveries(
  store: Store,
  incidentId: string,
  pendingOnly = false,
): Promise<Delivery[]> {
  const rows = await query(store, 'deliveries', {
    keys: '#incident_id = :id',
    values: { id: incidentId, ...(pendingOnly ? { pending: 'pending' } : {}) },
    ...(pendingOnly ? { filter: '#status = :pending' } : {}),
  });
  return rows.map(toDelivery);
}
