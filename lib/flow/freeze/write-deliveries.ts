import { contentFor } from '../../adapters/destinations/content-for.ts';
import { expiry } from '../../store/database/due.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { putLeftOut } from '../../store/deliveries/left-out.ts';
import { backfillDelivery as oweDelivery, putDelivery } from '../../store/deliveries/new-deliveries.ts';
import type { Outgoing } from '../../store/outgoing/outgoing.ts';
import { type Released, releaseAll } from '../deliver/release-left-out.ts';
import type { ProcessDeps } from './deps.ts';

/**
 * One row a destination; rows that exist already stay as they are. Where the incident begins to count, what was left
 * out before becomes due first and in order, so that this event finds it ahead in its line. What of it was released.
 */
export async function writeDeliveries(
  deps: ProcessDeps,
  frozen: Outgoing,
  claim: Claim,
): Promise<Released[]> {
  const { store, clock, config, telemetry } = deps;
  const { incidentId, sequence } = frozen;
  const released = await Promise.all(
    frozen.destinations.map(async (destination) => {
      const key = { incidentId, destination, sequence };
      const content = contentFor(config, destination);
      const event = { eventId: frozen.eventId, eventType: frozen.event.type, content };
      if (frozen.leftOut.includes(destination)) {
        const reason = frozen.skipped ?? 'filtered';
        const skipped = { reason, expiresAt: expiry(clock.now(), config.retention_days) };
        if (await putLeftOut(store, key, event, skipped))
          telemetry.metric('DeliveriesSkipped', 1, destination);
        return [];
      }
      const before = frozen.begins.includes(destination) ? await releaseAll(deps, key) : [];
      // No webhook's due mark finds a correction: its row has one of its own.
      if (frozen.corrects) await oweDelivery(store, key, event, clock.now());
      else await putDelivery(store, key, event, claim);
      return before;
    }),
  );
  return released.flat();
}
