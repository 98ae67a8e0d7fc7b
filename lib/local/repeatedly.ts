/**
 * Does something now and then every `everyMs`, counted from its beginning; never two at once, and never without a
 * pause: what takes longer than `everyMs` begins again soon after it has ended.
 */
export function repeatedly(everyMs: number, work: () => Promise<unknown>, failed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> = Promise.resolve();
  let stopped = false;
  const once = () => {
    const beganAt = performance.now();
    underway = work()
      .then(() => undefined, failed)
      .then(() => {
        if (!stopped) timer = setTimeout(once, pauseAfter(performance.now() - beganAt, everyMs));
      });
  };
  return {
    start: once,
    /** Resolves when what is under way has ended. */
    stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      return underway;
    },
  };
}

/** Milliseconds until the next time after one that took `tookMs`. */
export const pauseAfter = (tookMs: number, everyMs: number): number =>
  Math.max(everyMs - tookMs, Math.min(everyMs / 10, 1_000));
