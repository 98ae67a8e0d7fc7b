import { opensBreaker, probePauseMs } from '../../domain/retry/breaker.ts';
import {
  type Breaker,
  type Health,
  healthy,
  readHealth,
  saveHealth,
} from '../../store/destinations/destinations.ts';
import type { DeliverDeps } from './deps.ts';

/** Several workers may report on one destination at once; after so many conflicts one report more or less is all right. */
const tries = 4;

async function change(
  deps: DeliverDeps,
  destination: string,
  next: (breaker: Breaker) => Breaker | undefined,
  lastError?: string,
): Promise<Breaker> {
  let health: Health = await readHealth(deps.store, destination);
  for (let attempt = 0; attempt < tries; attempt++) {
    const breaker = next(health.breaker);
    if (!breaker) return health.breaker;
    if (await saveHealth(deps.store, destination, health, breaker, lastError)) return breaker;
    health = await readHealth(deps.store, destination);
  }
  return health.breaker;
}

const isHealthy = (breaker: Breaker): boolean =>
  breaker.consecutiveFailures === 0 && breaker.nextProbeAtMs === undefined;

/** Counts a failure, and opens the breaker or keeps it open. */
export async function reportFailure(
  deps: DeliverDeps,
  destination: string,
  failure: { delivery: string; error: string; timedOut: boolean; retryAfterMs?: number | undefined },
): Promise<Breaker> {
  const nowMs = deps.clock.now();
  const random = deps.random.unit();
  return change(
    deps,
    destination,
    (breaker) => {
      const consecutiveFailures = breaker.consecutiveFailures + 1;
      const failed = { ...breaker, consecutiveFailures, lastFailed: failure.delivery };
      const open = breaker.nextProbeAtMs !== undefined;
      if (!open && !opensBreaker({ consecutiveFailures, timedOut: failure.timedOut })) return failed;
      const pauseMs = probePauseMs({ probes: breaker.probes, retryAfterMs: failure.retryAfterMs, random });
      // Several workers may fail with what they had under way; that never shortens a pause.
      const nextProbeAtMs = Math.max(breaker.nextProbeAtMs ?? 0, nowMs + pauseMs);
      return { ...failed, openedAtMs: breaker.openedAtMs ?? nowMs, nextProbeAtMs };
    },
    failure.error,
  );
}

/** Any answer closes the breaker. A destination that was healthy when it was tried costs neither read nor write. */
export async function reportAnswer(
  deps: DeliverDeps,
  destination: string,
  accepted: boolean,
  seen: Health,
): Promise<void> {
  if (isHealthy(seen.breaker)) return;
  await change(deps, destination, (breaker) => {
    if (isHealthy(breaker)) return undefined;
    const lastAcceptedAtMs = accepted ? deps.clock.now() : breaker.lastAcceptedAtMs;
    return { ...healthy, ...(lastAcceptedAtMs === undefined ? {} : { lastAcceptedAtMs }) };
  });
}

/** The right to probe an open destination once; one of several sweeps gets it, for the time an attempt can take. */
export async function reserveProbe(
  deps: DeliverDeps,
  destination: string,
  health: Health,
  attemptTimeoutMs: number,
): Promise<boolean> {
  const { breaker } = health;
  return saveHealth(deps.store, destination, health, {
    ...breaker,
    probes: breaker.probes + 1,
    nextProbeAtMs: deps.clock.now() + attemptTimeoutMs,
  });
}
