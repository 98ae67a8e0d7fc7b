import { arrive, type KnownVersion, type Tracking, withVersions } from './tracking.ts';

/*
 *   first seen          + settle             + 2 settle
 *   ├───────────────────┼────────────────────┤
 *                       still reports: deployed (see.ts)
 *                       the older one reports, this one does not: withdrawn
 *                       neither does:  deployed, for the older one is gone
 */

/** When it can be said of a candidate that it has fallen silent. */
export function judgedAt({ since, watched = since }: KnownVersion, settleMs: number): number {
  // Whoever hears the older version must have had the time to learn that it matters.
  return Math.max(since + 2 * settleMs, watched + settleMs);
}

/** Decides what time alone decides: candidates that have not been seen again. */
export function judge(tracking: Tracking, nowMs: number, settleMs: number): Tracking {
  const silent = tracking.versions
    .filter((known) => known.standing === 'candidate' && judgedAt(known, settleMs) <= nowMs)
    .sort((a, b) => a.since - b.since);
  let judged = tracking;
  for (const candidate of silent) {
    const at = judgedAt(candidate, settleMs);
    judged = candidate.outlived
      ? withVersions(judged, [withdrawn(candidate, at)])
      : arrive(judged, candidate, candidate.since, at);
  }
  return judged;
}

const withdrawn = ({ outlived, watched, ...candidate }: KnownVersion, at: number): KnownVersion => ({
  ...candidate,
  standing: 'withdrawn',
  accounted: at,
});
