import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { countIncidents, type Window } from '../../adapters/pagerduty-api/incidents.ts';

/** PagerDuty lists no more than so many of one question. */
export const cap = 10_000;
const longestMs = 30 * 86_400_000;
const secondMs = 1000;

export interface CountedWindow extends Window {
  total: number;
  /** With it, all that was created after this is listed. */
  frontierMs: number;
}

/**
 * Windows that PagerDuty can list as a whole, the newest first, without a gap: at most 30 days each, halved as long as
 * there are more than 10,000 incidents in one, down to a second. Of a second with more, what is beyond them cannot be
 * read. Neighbours share the second between them.
 */
export async function* windowsOf(
  api: PagerDutyApi,
  { sinceMs, untilMs }: Window,
  services: readonly string[],
): AsyncGenerator<CountedWindow> {
  for (let end = untilMs; end > sinceMs; ) {
    const begin = Math.max(sinceMs, end - longestMs);
    yield* halved(api, { sinceMs: begin, untilMs: end }, services, sinceMs);
    end = begin;
  }
}

async function* halved(
  api: PagerDutyApi,
  window: Window,
  services: readonly string[],
  firstMs: number,
): AsyncGenerator<CountedWindow> {
  const total = await countIncidents(api, window, services);
  const { sinceMs, untilMs } = window;
  const middle = sinceMs + Math.floor((untilMs - sinceMs) / 2 / secondMs) * secondMs;
  if (total <= cap || untilMs <= sinceMs) {
    yield { ...window, total, frontierMs: sinceMs };
    return;
  }
  if (middle <= sinceMs) {
    // Two seconds are left. The first of them belongs to the window before this one, unless there is none.
    const last = { sinceMs: untilMs, untilMs };
    yield { ...last, total: await countIncidents(api, last, services), frontierMs: sinceMs };
    if (sinceMs !== firstMs) return;
    const first = { sinceMs, untilMs: sinceMs };
    yield { ...first, total: await countIncidents(api, first, services), frontierMs: sinceMs };
    return;
  }
  yield* halved(api, { sinceMs: middle, untilMs }, services, firstMs);
  yield* halved(api, { sinceMs, untilMs: middle }, services, firstMs);
}
