import type { Outgoing } from '../../store/outgoing/outgoing.ts';
import { deliverOne } from './deliver-one.ts';
import type { DeliverDeps } from './deps.ts';
import type { Attempting, Delivered } from './settle.ts';

export interface Lane {
  incidentId: string;
  destination: string;
  /** What is owed, by sequence; the frozen event where the worker has it at hand. */
  owed: Map<number, Outgoing | undefined>;
}

/**
 * Delivers what one incident owes one destination, one after the other in sequence order. When rows that waited
 * behind a settled one have been released, it goes on with those too.
 */
export async function deliverLane(
  deps: DeliverDeps,
  lane: Lane,
  how: Omit<Attempting, 'outgoing'>,
): Promise<Map<number, Delivered>> {
  const outcomes = new Map<number, Delivered>();
  const waiting = new Map(lane.owed);
  while (waiting.size > 0) {
    const sequence = Math.min(...waiting.keys());
    const outgoing = waiting.get(sequence);
    waiting.delete(sequence);
    const key = { incidentId: lane.incidentId, destination: lane.destination, sequence };
    const delivered = await deliverOne(deps, key, { ...how, ...(outgoing ? { outgoing } : {}) });
    outcomes.set(sequence, delivered);
    for (const next of delivered.released) {
      if (!outcomes.has(next) && !waiting.has(next)) waiting.set(next, undefined);
    }
  }
  return outcomes;
}
