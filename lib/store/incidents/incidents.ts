import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, update } from '../database/request.ts';

const table = 'incidents';
const key = (incidentId: string): Row => ({ incident_id: incidentId });

export async function readIncident(store: Store, incidentId: string): Promise<Row | undefined> {
  return get(store, table, key(incidentId));
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
 * Notes that the incident counts for a destination from now on, for good. A worker that has the incident just then is
 * left a note: it goes by what the row said before.
 */
export async function noteCounted(store: Store, incidentId: string, destination: string): Promise<void> {
  await update(store, table, key(incidentId), {
    add: { counted_for: new Set([destination]), wakes: 1 },
    when: 'attribute_exists(#incident_id)',
  });
}

/**
 * Asks for a new match of the incident's current stay, if any event has told where it is, and with `resend` for
 * showing it to the destinations that hold a picture of it; carried out when its next due event is processed. A worker
 * that has the incident just then is left a note: it has read the row before, and may settle that event.
 */
export async function requestRematch(store: Store, incidentId: string, resend = false): Promise<boolean> {
  const row = await update(store, table, key(incidentId), {
    set: { rematch_requested: true, ...(resend ? { resend_requested: true } : {}) },
    add: { wakes: 1 },
    when: 'attribute_exists(#fold) AND attribute_exists(#pagerduty_service_id)',
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
