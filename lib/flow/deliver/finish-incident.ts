import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { incidentKeptDays } from '../../domain/retry/retention.ts';
import type { Clock } from '../../ports.ts';
import { expiry } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { incidentDeliveries, readDelivery } from '../../store/deliveries/deliveries.ts';
import { lastDelivery } from '../../store/deliveries/delivery-order.ts';
import { markForwarded, readIncident } from '../../store/incidents/incidents.ts';

/** What it takes to say what an incident owes. */
export interface OweDeps {
  store: Store;
  clock: Pick<Clock, 'now'>;
  config: BridgeConfig;
}

/**
 * Marks the incident as settled when it owes nothing any more. Because deliveries go in sequence order, the last one
 * to each destination it was ever owed to tells; only where a person sent something again are all looked at.
 */
export async function finishIncident(deps: OweDeps, incidentId: string): Promise<void> {
  const { store, clock, config } = deps;
  const row = await readIncident(store, incidentId);
  if (row?.['forwarding'] !== 'pending') return;
  const lastSequence = Number(row['last_sequence'] ?? 0);
  if (row['redriven'] === true) {
    const pending = await incidentDeliveries(store, incidentId, true);
    if (pending.length > 0) return;
  } else {
    for (const destination of (row['destinations'] as string[] | undefined) ?? []) {
      const last = { incidentId, destination, sequence: lastSequence };
      const delivery = (await readDelivery(store, last)) ?? (await lastDelivery(store, last));
      if (delivery?.status === 'pending') return;
    }
  }
  const over = row['status'] === 'resolved';
  await markForwarded(
    store,
    incidentId,
    row,
    over ? expiry(clock.now(), incidentKeptDays(config)) : undefined,
  );
}
