import type { Destination, Payload, SendResult } from '../../domain/destination/destination.ts';
import { isUpcoming } from '../../store/database/due.ts';
import { type Health, noteSlow } from '../../store/destinations/destinations.ts';
import { giveBack, reserve } from '../../store/destinations/in-flight.ts';
import type { DeliverDeps } from './deps.ts';
import type { Attempting } from './settle.ts';

/** Another worker's clock may be ahead by this much: what one takes for over must not be under way for another. */
export const clockDifferenceMs = 5_000;

/**
 * A destination that answers after seconds takes the place of others in a worker: found out by several attempts that
 * wait together, or by one that waits for long. From then on only `sweep` waits for it.
 */
const slow = [
  { afterMs: 1_500, together: 6 },
  { afterMs: 4_000, together: 1 },
] as const;
/** A timer that comes later than this tells of a busy process, not of a slow destination. */
const busyMs = 250;

/** Attempts of this process that have been under way for longer than a good answer takes, by destination. */
const lingering = new WeakMap<Destination, number>();

export const boundOf = ({ config }: DeliverDeps, name: string): number | undefined =>
  config.destinations.find((each) => each.name === name)?.max_in_flight;

/**
 * Whether a delivery is left to `sweep`: the destination is slow, or catches up with what it is owed. Both are looked
 * after by one worker that has a place for each destination, so that none waits for another.
 */
export function isLeftToSweep(health: Health, how: Attempting, nowMs: number): boolean {
  if (how.catchingUp || how.probing) return false;
  return (
    isUpcoming(health.slowUntilMs, nowMs) ||
    health.reservations.some(({ attempts, untilMs }) => attempts > 1 && isUpcoming(untilMs, nowMs))
  );
}

/**
 * Sends it; `undefined` when as many attempts as the destination's `max_in_flight` allows are under way, or when it
 * came to its turn so late that somebody else may have claimed the delivery since.
 */
export async function sendInTurn(
  deps: DeliverDeps,
  destination: Destination,
  payload: Payload,
  mayBeginUntilMs: number,
  how: Attempting,
): Promise<{ result: SendResult; startedAtMs: number } | undefined> {
  const { store, clock } = deps;
  const bound = how.catchingUp ? undefined : boundOf(deps, destination.name);
  const token = bound === undefined ? undefined : deps.random.token();
  if (token !== undefined && bound !== undefined) {
    const nowMs = clock.now();
    const untilMs = nowMs + destination.timeoutMs + clockDifferenceMs;
    const wanted = { token, attempts: 1, untilMs };
    if ((await reserve(store, destination.name, wanted, bound, nowMs)) === 0) return undefined;
  }
  const startedAtMs = clock.now();
  if (token !== undefined && startedAtMs > mayBeginUntilMs) {
    await giveBack(store, destination.name, token, startedAtMs).catch(() => {});
    return undefined;
  }
  const result = await sendWatched(deps, destination, payload, startedAtMs);
  how.catchingUp?.answered({
    tookMs: clock.now() - startedAtMs,
    accepted: result.outcome === 'delivered' || result.outcome === 'skipped',
  });
  // What came of the attempt must be written down whatever becomes of this; a reservation also ends by itself.
  if (token !== undefined) await giveBack(store, destination.name, token, clock.now()).catch(() => {});
  return { result, startedAtMs };
}

async function sendWatched(
  deps: DeliverDeps,
  destination: Destination,
  payload: Payload,
  startedAtMs: number,
): Promise<SendResult> {
  let underWay = true;
  let counted = false;
  const count = (difference: number) =>
    lingering.set(destination, (lingering.get(destination) ?? 0) + difference);
  const watch = async () => {
    for (const { afterMs, together } of slow) {
      const dueMs = Math.max(0, startedAtMs + afterMs - deps.clock.now());
      const sleptFrom = deps.clock.now();
      await deps.clock.sleep(dueMs);
      if (!underWay || deps.clock.now() - sleptFrom > dueMs + busyMs) return;
      if (!counted) count(1);
      counted = true;
      if ((lingering.get(destination) ?? 0) < together) continue;
      return noteSlow(deps.store, destination.name, deps.clock.now());
    }
  };
  // A note that cannot be written is made by the next slow answer.
  void watch().catch(() => {});
  try {
    return await destination.send(payload, startedAtMs);
  } finally {
    underWay = false;
    if (counted) count(-1);
  }
}
