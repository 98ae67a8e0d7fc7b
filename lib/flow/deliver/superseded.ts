import type { Destination, Memory } from '../../domain/destination/destination.ts';
import { readDelivery } from '../../store/deliveries/deliveries.ts';
import type { Delivery } from '../../store/deliveries/delivery.ts';
import { readOutgoing } from '../../store/outgoing/outgoing.ts';
import type { DeliverDeps } from './deps.ts';

/** Later events looked at; beyond them an older picture is simply sent. */
const lookAhead = 10;

/**
 * Whether a later event shows a state destination the incident as it is by now, so that this one need not be
 * sent. Later events that its filter keeps from the destination do not count.
 */
export async function isSuperseded(
  deps: DeliverDeps,
  destination: Destination,
  row: Delivery,
  memory: Memory | undefined,
): Promise<boolean> {
  if (!destination.latestOnly) return false;
  for (let sequence = row.sequence + 1; sequence <= row.sequence + lookAhead; sequence++) {
    const [later, outgoing] = await Promise.all([
      readDelivery(deps.store, { ...row, sequence }),
      readOutgoing(deps.store, row.incidentId, sequence),
    ]);
    if (!outgoing) return false;
    // Not owed this one, or left out of it, for instance while history is written for it event by event.
    if (!later || later.leftOut || outgoing.skipped) continue;
    const rendering = destination.render(outgoing.event, memory);
    if ('skip' in rendering && rendering.skip === 'filtered') continue;
    return true;
  }
  return false;
}
