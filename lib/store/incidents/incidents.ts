import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, update } from '../database/request.ts';

const table = 'incidents';
const key = (incidentId: string): Row => ({ incident_id: incidentId });

export async function readIncident(store: Store, incidentId: string): Promise<Row | undefined> {
  return get(store, table, key(incidentId));
}

export interface Lease {
  incidentId: string;
  /** Rises with every holder; a write that carries a lower one than the row's is refused. */
  epoch: number;
  owner: string;
  /** The row as it was when the lease was taken. */
  row: Row;
}

/**
 * Takes the incident's lease, or, where another worker has it, leaves that worker a note (`wakes`, `woken`)
 * that there is more to do. Both are single conditional writes, so no wake-up falls between them.
 */
export async function acquireLease(
  store: Store,
  incidentId: string,
  owner: string,
  nowMs: number,
  untilMs: number,
  wokenBy: readonly string[],
): Promise<Lease | 'taken'> {
  for (;;) {
    const row = await update(store, table, key(incidentId), {
      set: { lease_owner: owner, lease_until: iso(untilMs) },
      add: { epoch: 1 },
      when: 'attribute_not_exists(#lease_until) OR #lease_until <= :now',
      values: { now: iso(nowMs) },
    });
    if (row) return { incidentId, epoch: Number(row['epoch']), owner, row };
    const noted = await update(store, table, key(incidentId), {
      add: { wakes: 1, ...(wokenBy.length ? { woken: new Set(wokenBy) } : {}) },
      when: '#lease_until > :now',
      values: { now: iso(nowMs) },
    });
    // The first write may have been applied although its answer was lost: then the lease is ours.
    if (noted?.['lease_owner'] === owner) {
      return { incidentId, epoch: Number(noted['epoch']), owner, row: noted };
    }
    if (noted) return 'taken';
  }
}

/**
 * Writes what was worked out. With `release` the lease ends too, provided nobody left a note meanwhile.
 * `noted`: the row was not written, there is more to do. `lost`: somebody else holds the lease now.
 */
export async function commitIncident(
  store: Store,
  lease: Lease,
  attributes: Row,
): Promise<'released' | 'noted' | 'lost'> {
  const wakes = Number(lease.row['wakes'] ?? 0);
  const written = await update(store, table, key(lease.incidentId), {
    set: attributes,
    remove: ['lease_owner', 'lease_until', 'woken'],
    when: `#epoch = :epoch AND #lease_owner = :owner AND ${wakes ? '#wakes = :wakes' : 'attribute_not_exists(#wakes)'}`,
    values: { epoch: lease.epoch, owner: lease.owner, ...(wakes ? { wakes } : {}) },
  });
  if (written) return 'released';
  const row = await readIncident(store, lease.incidentId);
  // Written although the answer was lost: nobody but us takes the owner off a row of our epoch.
  if (row && Number(row['epoch']) === lease.epoch && row['lease_owner'] === undefined) return 'released';
  return row && Number(row['epoch']) === lease.epoch && row['lease_owner'] === lease.owner ? 'noted' : 'lost';
}

/** Reads the row again under the same lease, to go round with the notes that were left. */
export async function refreshLease(store: Store, lease: Lease): Promise<Lease | 'lost'> {
  const row = await readIncident(store, lease.incidentId);
  if (!row || Number(row['epoch']) !== lease.epoch || row['lease_owner'] !== lease.owner) return 'lost';
  return { ...lease, row };
}

/** Gives the lease back without writing anything else, after a failure; harmless if it is not ours any more. */
export async function abandonLease(store: Store, lease: Lease): Promise<void> {
  await update(store, table, key(lease.incidentId), {
    remove: ['lease_owner', 'lease_until'],
    when: '#epoch = :epoch AND #lease_owner = :owner',
    values: { epoch: lease.epoch, owner: lease.owner },
  });
}

/**
 * Everything the incident owed when `seen`, its row, was read has been delivered, skipped or given up. `false`: it
 * has come to owe more since.
 */
export async function markForwarded(
  store: Store,
  incidentId: string,
  seen: Row,
  expiresAt: number | undefined,
): Promise<boolean> {
  const owedAgain = seen['owed_again'];
  const row = await update(store, table, key(incidentId), {
    set: { forwarding: 'settled', expires_at: expiresAt, redriven: undefined },
    when: `#forwarding = :pending AND #last_sequence = :sequence AND attribute_not_exists(#backlog) AND ${
      owedAgain === undefined ? 'attribute_not_exists(#owed_again)' : '#owed_again = :again'
    }`,
    values: {
      pending: 'pending',
      sequence: seen['last_sequence'],
      ...(owedAgain === undefined ? {} : { again: owedAgain }),
    },
  });
  return row !== undefined;
}

/**
 * A delivery was made pending again (redrive) or is new (backfill): the incident owes something once more. Written
 * after the delivery, and counted, so that nobody who has looked at the deliveries before can settle it.
 */
export async function markOwing(store: Store, incidentId: string): Promise<void> {
  const again = { add: { owed_again: 1 }, remove: ['expires_at'] };
  const owing = await update(store, table, key(incidentId), {
    ...again,
    set: { forwarding: 'pending', redriven: true },
    when: '#forwarding = :pending OR #forwarding = :settled',
    values: { pending: 'pending', settled: 'settled' },
  });
  if (owing) return;
  // It is held: that stays what it says.
  await update(store, table, key(incidentId), {
    ...again,
    set: { redriven: true },
    when: 'attribute_exists(#incident_id)',
  });
}

/**
 * Asks for a new match of the incident's current stay; carried out when its next due event is processed. A worker
 * that has the incident just then is left a note: it has read the row before, and may settle that event.
 */
export async function requestRematch(store: Store, incidentId: string): Promise<boolean> {
  const row = await update(store, table, key(incidentId), {
    set: { rematch_requested: true },
    add: { wakes: 1 },
    when: 'attribute_exists(#fold)',
  });
  return row !== undefined;
}

/** Incidents held at a PagerDuty service that were judged by something else than `judgedBy`. */
export async function heldIncidents(
  store: Store,
  serviceId: string,
  judgedBy: string,
  limit: number,
): Promise<{ incidentId: string }[]> {
  const side = (operator: '<' | '>') =>
    query(store, table, {
      index: 'held',
      keys: `#held_service = :service AND #held_judged_by ${operator} :judged`,
      values: { service: serviceId, judged: judgedBy },
      limit,
    });
  const rows = [...(await side('<')), ...(await side('>'))];
  return rows.slice(0, limit).map((row) => ({ incidentId: String(row['incident_id']) }));
}

/** Whether any incident is held at this service (eventually consistent). */
export async function anyHeld(store: Store, serviceId: string): Promise<boolean> {
  const rows = await query(store, table, {
    index: 'held',
    keys: '#held_service = :service',
    values: { service: serviceId },
    limit: 1,
  });
  return rows.length > 0;
}
