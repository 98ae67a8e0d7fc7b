const second = 1000;
const hour = 3600 * second;

/** The first pause is drawn from 0..30 s, the longest from 0..1 h. */
const firstCeilingMs = 30 * second;
const lastCeilingMs = hour;
/** Full jitter may draw next to nothing; a receiver in trouble gets at least this much air. */
const leastDelayMs = second;
/** A receiver may ask for patience, not for silence until the horizon is over. */
const longestRetryAfterMs = 24 * hour;

export interface FailedAttempt {
  /** Attempts made so far, this one included; at least 1. */
  attempts: number;
  firstAttemptAtMs: number;
  nowMs: number;
  /** What the receiver asked for, if it did. */
  retryAfterMs?: number | undefined;
  horizonMs: number;
  /** Uniform in [0, 1). */
  random: number;
}

export type NextAttempt = { at: number } | { dead: string };

/**
 * When to try again, in epoch milliseconds, or why never.
 *
 *     first attempt                                             horizon
 *     |--x----x-------x---------------x------ … ------x------------x|  dead
 *        0..30s 0..60s   0..120s        0..240s          0..1h     one last attempt at the end
 *
 * Precedence: the horizon ends everything, and a receiver that asks for more patience than is left of it is asked
 * once more at its end; `Retry-After` is a lower bound; else exponential with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function nextAttempt(failed: FailedAttempt): NextAttempt {
  const { attempts, firstAttemptAtMs, nowMs, retryAfterMs = 0, horizonMs, random } = failed;
  const endsAtMs = firstAttemptAtMs + horizonMs;
  if (nowMs >= endsAtMs)
    return { dead: `retry horizon of ${inHours(horizonMs)} is over after ${attempts} attempts` };

  const asked = Math.min(Math.max(retryAfterMs, 0), longestRetryAfterMs);
  const delay = Math.max(random * ceiling(attempts), leastDelayMs, asked);
  return { at: Math.min(Math.ceil(nowMs + delay), endsAtMs) };
}

/** 30 s doubled with every attempt, at most 1 h; the exponent is bounded so that it cannot overflow. */
function ceiling(attempts: number): number {
  return Math.min(firstCeilingMs * 2 ** Math.min(attempts - 1, 16), lastCeilingMs);
}

function inHours(ms: number): string {
  return `${Math.round((ms / hour) * 100) / 100} h`;
}
