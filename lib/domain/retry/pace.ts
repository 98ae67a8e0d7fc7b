/** So many deliveries are sent at once to a destination that catches up, before it has shown what it can take. */
const startsWith = 8;
/** Where nobody has set a bound, so many at most. */
const mostByDefault = 32;
/** An answer that takes no longer is a good one. */
export const goodAnswerMs = 1_000;

/** How many deliveries at once a destination gets that catches up. */
export interface Pace {
  readonly atOnce: number;
  readonly most: number;
  /** Good answers since it was raised last. */
  readonly good: number;
}

/** `bound` is the destination's `max_in_flight`. */
export function firstPace(bound: number | undefined): Pace {
  const most = bound ?? mostByDefault;
  return { atOnce: Math.min(startsWith, most), most, good: 0 };
}

/**
 * One more at once after as many good answers as there are at once, so once a round; half as many after one that was
 * no acceptance, as TCP does. A slow acceptance leaves it: more at once would not be good for it, and fewer would not
 * make it faster.
 */
export function nextPace(pace: Pace, answer: { tookMs: number; accepted: boolean }): Pace {
  const { atOnce, most, good } = pace;
  if (!answer.accepted) return { most, good: 0, atOnce: Math.max(1, Math.floor(atOnce / 2)) };
  if (answer.tookMs > goodAnswerMs) return { most, atOnce, good: 0 };
  if (good + 1 < atOnce) return { most, atOnce, good: good + 1 };
  return { most, good: 0, atOnce: Math.min(atOnce + 1, most) };
}
