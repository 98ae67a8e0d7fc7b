import { furthestAhead, iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { update } from '../database/request.ts';
import { readIncident } from './incidents.ts';

/** How long a worker may fold, match and freeze before another one takes over. */
export const leaseMs = 30_000;

const table = 'incidents';
const key = (incidentId: string): Row => ({ incident_id: incidentId });

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
      when: 'attribute_not_exists(#lease_until) OR #lease_until <= :now OR #lease_until > :ahead',
      values: { now: iso(nowMs), ahead: furthestAhead(nowMs, leaseMs) },
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
