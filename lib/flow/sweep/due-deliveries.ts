import { dueShards } from '../../store/database/due.ts';
import { dueDeliveries } from '../../store/deliveries/deliveries.ts';
import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import type { WorkDeps } from '../subjects/deps.ts';

const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));

export type Due = DeliveryKey & { dueAt: string };

/** What is due at a destination, at most `limit` of each shard, longest due first. */
export async function dueAt(deps: WorkDeps, name: string, limit: number): Promise<Due[]> {
  const now = deps.clock.now();
  const pages = await Promise.all(shards.map((shard) => dueDeliveries(deps.store, name, shard, now, limit)));
  return pages.flat().sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}
