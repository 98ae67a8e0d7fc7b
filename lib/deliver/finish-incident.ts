import { outgoingKeptDays } from '../delivery/kept.ts';
import { incidentDeliveries, readDelivery } from '../store/deliveries.ts';
import { expiry } from '../store/due.ts';
import { markForwarded, readIncident } from '../store/incidents.ts';
import { readOutgoing } from '../store/outgoing.ts';
import type { DeliverDeps } from './deps.ts';

/**
 * The incident's row knows which sequence was last: it must outlive every frozen event, or a reopened incident would
 * take those for new ones. TTL deletes some days late, in any order.
 */
const marginDays = 14;

/**
 * Marks the incident as settled when it owes nothing any more. Because deliveries go in sequence order, the ones
 * of the last sequence tell; only where a person sent something again are all looked at.
 */
export async function finishIncident(deps: DeliverDeps, incidentId: string): Promise<void> {
  const { store, clock, config } = deps;
  const row = await readIncident(store, incidentId);
  if (row?.['forwarding'] !== 'pending') return;
  const lastSequence = Number(row['last_sequence'] ?? 0);
  if (row['redriven'] === true) {
    const pending = await incidentDeliveries(store, incidentId, true);
    if (pending.length > 0) return;
  } else {
    const last = await readOutgoing(store, incidentId, lastSequence);
    for (const destination of last?.destinations ?? []) {
      const delivery = await readDelivery(store, { incidentId, destination, sequence: lastSequence });
      if (!delivery || delivery.status === 'pending') return;
    }
  }
  const over = row['status'] === 'resolved';
  await markForwarded(
    store,
    incidentId,
    lastSequence,
    over ? expiry(clock.now(), outgoingKeptDays(config) + marginDays) : undefined,
  );
}
