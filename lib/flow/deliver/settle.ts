import type { Memory } from '../../domain/destination/destination.ts';
import { expiry } from '../../store/database/due.ts';
import {
  type Postponement,
  postponeDelivery,
  readDelivery,
  type Settlement,
  settleDelivery,
} from '../../store/deliveries/deliveries.ts';
import type { Claim, Delivery, DeliveryKey } from '../../store/deliveries/delivery.ts';
import { releaseNext } from '../../store/deliveries/delivery-order.ts';
import type { Outgoing } from '../../store/outgoing/outgoing.ts';
import type { DeliverDeps } from './deps.ts';

/**
 * `settled`: delivered, skipped or dead. `owed`: pending, and found again by its own due mark or by the row it
 * waits behind. `busy`: pending, in another worker's hands, without a mark of its own.
 */
export type Outcome = 'settled' | 'owed' | 'busy';

export interface Delivered {
  outcome: Outcome;
  /** Sequences of rows of this incident and destination that waited for it and have been made due. */
  released: number[];
  /** The due mark it still carries though it has ended: to be cleared once the incident's row is up to date. */
  dueKept?: string | undefined;
  /** Something was sent. */
  attempted: boolean;
}

export interface CatchingUp {
  answered(answer: { tookMs: number; accepted: boolean }): void;
}

export interface Attempting {
  claim: Claim;
  /** No attempt is started that could last beyond this. */
  stopAtMs: number;
  /** Send although the destination's breaker is open. */
  probing: boolean;
  /** `sweep` is at what the destination is owed and has reserved its attempts: told of each answer. */
  catchingUp?: CatchingUp;
  /** What the worker has at hand already. */
  outgoing?: Outgoing;
}

/** It was left as it is. */
export const left = (outcome: Outcome): Delivered => ({
  outcome,
  released: [],
  attempted: false,
});

/** The row is not ours any more: what somebody else has made of it, so that it is not taken for owed on our word. */
export async function leftToOthers({ store }: DeliverDeps, key: DeliveryKey): Promise<Delivered> {
  const row = await readDelivery(store, key);
  if (row?.status !== 'pending') return { ...left('settled'), dueKept: row?.dueAt };
  return left(row.dueAt === undefined ? 'busy' : 'owed');
}

/** Gives the row a due mark for later and lets go of it, if it still is ours. */
export async function postpone(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  postponement: Postponement,
): Promise<Delivered> {
  const postponed = await postponeDelivery(deps.store, row, how.claim, postponement);
  const attempted = postponement.attempt !== undefined;
  return { ...(postponed ? left('owed') : await leftToOthers(deps, row)), attempted };
}

/** Ends a delivery; the rows that wait behind it are made due first, so that they cannot be forgotten. */
export async function settle(
  deps: DeliverDeps,
  row: Delivery,
  how: Attempting,
  settlement: Partial<Settlement> & { status: Settlement['status'] },
  memory: Memory | undefined,
): Promise<Delivered> {
  const { store, clock, config } = deps;
  const whole: Settlement = {
    attempts: row.attempts,
    ...settlement,
    ...(memory ? { memory } : {}),
    expiresAt: expiry(clock.now(), config.retention_days),
  };
  const keepDue = row.dueAt !== undefined;
  const released: number[] = [];
  let ended = await settleDelivery(store, row, how.claim, whole, { released, keepDue });
  while (Array.isArray(ended)) {
    const waiting = ended.filter((sequence) => !released.includes(sequence));
    for (const sequence of waiting) await releaseNext(store, { ...row, sequence }, how.claim, clock.now());
    released.push(...waiting);
    ended = await settleDelivery(store, row, how.claim, whole, { released, keepDue });
  }
  const attempted = settlement.attemptedAtMs !== undefined;
  if (ended !== 'settled') return { ...(await leftToOthers(deps, row)), released, attempted };
  countSettled(deps, row, whole);
  return { outcome: 'settled', released, dueKept: row.dueAt, attempted };
}

const settledMetric = {
  delivered: 'DeliveriesDelivered',
  skipped: 'DeliveriesSkipped',
  dead: 'DeliveriesDead',
} as const;

function countSettled({ telemetry }: DeliverDeps, row: Delivery, settlement: Settlement): void {
  telemetry.metric(settledMetric[settlement.status], 1, row.destination);
  const fields = {
    incident_id: row.incidentId,
    event_id: row.eventId,
    destination: row.destination,
    sequence: row.sequence,
    attempts: settlement.attempts,
    ...(settlement.reason ? { reason: settlement.reason } : {}),
    ...(settlement.error ? { error: settlement.error } : {}),
  };
  if (settlement.status === 'dead') telemetry.error('delivery dead', fields);
  else telemetry.info(`delivery ${settlement.status}`, fields);
}
