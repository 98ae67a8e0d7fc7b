import type { Clock } from '../../ports.ts';

/**
 * Counts down the time one attempt may take, from now on: reading a secret takes its share of it. Throws when nothing
 * is left, for then another worker may have sent a later event already.
 */
export function countdown(clock: Pick<Clock, 'now'>, timeoutMs: number): () => number {
  const endsAtMs = clock.now() + timeoutMs;
  return () => {
    const leftMs = endsAtMs - clock.now();
    if (leftMs <= 0) throw new Error(`not sent: reading its secret took longer than ${timeoutMs} ms`);
    return leftMs;
  };
}
