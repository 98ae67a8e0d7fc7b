import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { outgoingKeptDays } from '../../domain/retry/retention.ts';
import type { Clock } from '../../ports.ts';
import { expiry } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import { leftOutSequences, releaseLeftOut } from '../../store/deliveries/left-out.ts';
import { keepOutgoing, readOutgoing } from '../../store/outgoing/outgoing.ts';

/** Which earlier event of an incident has become due at a destination. */
export type Released = Omit<DeliveryKey, 'incidentId'>;

interface Deps {
  store: Store;
  clock: Pick<Clock, 'now'>;
  config: BridgeConfig;
}

/** Owes the destination every event up to `upTo` that it has left out, the first one first. */
export async function releaseAll(deps: Deps, upTo: DeliveryKey): Promise<Released[]> {
  const { store, clock, config } = deps;
  const { incidentId, destination } = upTo;
  const released: Released[] = [];
  for (const sequence of await leftOutSequences(store, upTo)) {
    const outgoing = await readOutgoing(store, incidentId, sequence);
    // Where what would be sent has expired, the later events tell what there is to tell.
    if (!outgoing) continue;
    await keepOutgoing(store, outgoing, expiry(clock.now(), outgoingKeptDays(config)));
    if (await releaseLeftOut(store, { incidentId, destination, sequence }, clock.now()))
      released.push({ destination, sequence });
  }
  return released;
}
