import type { Clock, HttpAnswer } from '../../ports.ts';

/** What is left to others who use the same key. */
const leftToOthers = 0.1;
/** The window of PagerDuty's limit; a header that says more is not believed. */
const windowMs = 60_000;

/** How fast one may ask: `ratelimit-*` of the last answer. https://developer.pagerduty.com/docs/rest-api-rate-limits */
export function createPace(clock: Clock) {
  let untilMs = 0;
  return {
    /** Until there is room for another request. */
    async wait(): Promise<void> {
      const pause = untilMs - clock.now();
      if (pause > 0) await clock.sleep(pause);
    },
    note({ headers }: HttpAnswer): void {
      const [limit, remaining] = [headers['ratelimit-limit'], headers['ratelimit-remaining']].map(Number);
      const reset = resetMs(headers);
      if (reset === undefined || Number.isNaN(limit) || Number.isNaN(remaining)) return;
      if ((remaining as number) <= (limit as number) * leftToOthers) untilMs = clock.now() + reset;
    },
  };
}

/** When the window begins anew, in milliseconds from now; undefined where the answer does not say. */
export function resetMs(headers: HttpAnswer['headers']): number | undefined {
  const seconds = Number(headers['ratelimit-reset'] ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * 1000, windowMs) : undefined;
}
