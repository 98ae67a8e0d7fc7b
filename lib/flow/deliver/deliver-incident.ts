import { clearDue } from '../../store/deliveries/delivery-order.ts';
import type { Outgoing } from '../../store/outgoing/outgoing.ts';
import { deliverLane } from './deliver-lane.ts';
import type { DeliverDeps } from './deps.ts';
import { finishIncident } from './finish-incident.ts';
import type { Attempting } from './settle.ts';

export interface Owed {
  destination: string;
  sequence: number;
  outgoing?: Outgoing;
}

export interface Worked {
  /** Sequences another worker is at; everything else is settled now or carries a mark of its own. */
  busy: Set<number>;
  /** Deliveries looked at, those included that were released on the way. */
  deliveries: number;
  /** Whether anything was sent at all. */
  attempted: boolean;
}

/** Delivers what one incident owes, to all destinations at once, in sequence order to each. */
export async function deliverIncident(
  deps: DeliverDeps,
  incidentId: string,
  owed: readonly Owed[],
  how: Omit<Attempting, 'outgoing'>,
): Promise<Worked> {
  const lanes = new Map<string, Map<number, Outgoing | undefined>>();
  for (const { destination, sequence, outgoing } of owed) {
    const lane = lanes.get(destination) ?? new Map<number, Outgoing | undefined>();
    lanes.set(destination, lane.set(sequence, outgoing));
  }
  const worked: Worked = { busy: new Set(), deliveries: 0, attempted: false };
  const marked: { destination: string; sequence: number; dueAt: string }[] = [];
  const work = [...lanes].map(async ([destination, sequences]) => {
    const outcomes = await deliverLane(deps, { incidentId, destination, owed: sequences }, how);
    worked.deliveries += outcomes.size;
    for (const [sequence, { outcome, dueKept, attempted }] of outcomes) {
      if (attempted) worked.attempted = true;
      if (outcome === 'busy') worked.busy.add(sequence);
      if (dueKept) marked.push({ destination, sequence, dueAt: dueKept });
    }
  });
  // One destination's trouble must not cut another one's attempt short.
  const results = await Promise.allSettled(work);
  await finishIncident(deps, incidentId);
  for (const { dueAt, ...key } of marked) await clearDue(deps.store, { incidentId, ...key }, dueAt);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return worked;
}
