import { dueShards } from '../../store/database/due.ts';
import { deliveriesDueBeyond, moveDelivery } from '../../store/deliveries/deliveries.ts';
import { eventsDueBeyond, moveEvent } from '../../store/events/events.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import type { WorkDeps } from '../subjects/deps.ts';

const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));
const marksAtOnce = 10;
/** Workers' clocks differ, and are set right by a little now and then: nobody notices. */
const unnoticedMs = 60_000;
/** Marks that lie nearer come by themselves. */
const nearMs = 60_000;

/** Notices, from one sweep of a process to its next, that the clock has gone back; by how many milliseconds. */
export function createClockWatch(): (nowMs: number) => number {
  let latestMs = 0;
  return (nowMs) => {
    const backMs = latestMs - nowMs;
    latestMs = nowMs;
    return backMs > unnoticedMs ? backMs : 0;
  };
}

/**
 * Due marks were put ahead by a clock that has gone back since (a laptop that slept, a time server): they would not
 * come before it has caught up. Each is brought as much nearer, so that a pause is as long as it was meant.
 */
export async function bringMarksNearer(
  deps: WorkDeps,
  destinations: readonly string[],
  backMs: number,
): Promise<void> {
  const { store, clock, telemetry } = deps;
  const now = clock.now();
  const nearer = (dueAt: string) => Math.max(now, Date.parse(dueAt) - backMs);
  const events = (
    await Promise.all(shards.map((shard) => eventsDueBeyond(store, shard, now + nearMs)))
  ).flat();
  await forEachLimited(events, marksAtOnce, (event) => moveEvent(store, event, nearer(event.dueAt)));
  let deliveries = 0;
  for (const name of destinations) {
    const beyond = shards.map((shard) => deliveriesDueBeyond(store, name, shard, now + nearMs));
    const due = (await Promise.all(beyond)).flat();
    deliveries += due.length;
    await forEachLimited(due, marksAtOnce, (key) => moveDelivery(store, key, nearer(key.dueAt)));
  }
  telemetry.warn('the clock has gone back, pauses were shortened by as much', {
    seconds: Math.round(backMs / 1000),
    events: events.length,
    deliveries,
  });
}
