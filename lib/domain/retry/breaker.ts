const second = 1000;
const minute = 60 * second;

/** So many failures in a row, and the destination rather than the payload is what is broken. */
const failuresToOpen = 3;
const firstPauseMs = 30 * second;
const longestPauseMs = 5 * minute;
/** A rate limit may stretch a pause further than failures do. */
const longestAskedPauseMs = 10 * minute;
/** No pause reaches further ahead: where one does, the clock has gone back since. Clocks of workers differ a little. */
const furthestAheadMs = longestAskedPauseMs + minute;

/** The health of one destination, as far as the policy needs it. Times are epoch milliseconds. */
export interface BreakerState {
  consecutiveFailures: number;
  /** Set while the breaker is open: no attempt before this. */
  nextProbeAtMs?: number;
  /** Probes made since it opened. */
  probes: number;
}

export type BreakerVerdict = 'closed' | 'open' | 'probe_due';

/**
 *     closed ──timeout, or 3rd failure in a row──▶ open ──30 s … 5 min──▶ one probe, by sweep ──answer──▶ closed
 *                                                   ▲────────── failed, pause doubles ──────┘
 *
 * `forward` sends only when closed; `sweep` also sends one delivery when a probe is due.
 */
export function breakerVerdict(state: BreakerState, nowMs: number): BreakerVerdict {
  if (state.nextProbeAtMs === undefined) return 'closed';
  const aheadMs = state.nextProbeAtMs - nowMs;
  return aheadMs > 0 && aheadMs <= furthestAheadMs ? 'open' : 'probe_due';
}

/**
 * Whether a failure opens a closed breaker; `consecutiveFailures` includes it. A hanging receiver costs everyone
 * a whole timeout, so the first one opens; a fast failure may be the payload's own.
 */
export function opensBreaker(failure: { consecutiveFailures: number; timedOut: boolean }): boolean {
  return failure.timedOut || failure.consecutiveFailures >= failuresToOpen;
}

export interface Pause {
  /** Probes made since the breaker opened; 0 when it opens. */
  probes: number;
  /** What the receiver asked for with `Retry-After`, if it did. */
  retryAfterMs?: number | undefined;
  /** Uniform in [0, 1). */
  random: number;
}

/**
 * Milliseconds until the next probe: 30 s doubled with each, at most 5 min, drawn from the upper half so that
 * probes of several bridges spread out and still none comes soon. `Retry-After` is a lower bound, up to 10 min.
 */
export function probePauseMs({ probes, retryAfterMs = 0, random }: Pause): number {
  const ceiling = Math.min(firstPauseMs * 2 ** Math.min(Math.max(probes, 0), 10), longestPauseMs);
  const jittered = Math.max(firstPauseMs, (ceiling * (1 + random)) / 2);
  return Math.ceil(Math.max(jittered, Math.min(retryAfterMs, longestAskedPauseMs)));
}

/**
 * Which of the deliveries due is the probe: the first that was not the one to fail last. Else a payload its
 * receiver chokes on would be the only probe forever and keep everything else out.
 */
export function pickProbe<T>(due: readonly T[], failedLast: (delivery: T) => boolean): T | undefined {
  return due.find((delivery) => !failedLast(delivery)) ?? due[0];
}
