import { judge } from './judge.ts';
import {
  arrive,
  type Beside,
  type KnownVersion,
  mostCandidates,
  type Pace,
  type Sighting,
  type Tracking,
  takeOver,
  withVersions,
} from './tracking.ts';

/**
 * What a sighting does. `nothing`: it was known. `mark`: only when a version was last seen. `news`: something has
 * begun or is decided. `crowded`: too many versions report at once for any of them to be a deployment.
 */
export interface Seen {
  effect: 'nothing' | 'mark' | 'news' | 'crowded';
  tracking: Tracking;
}

/** A window in so many is the one in which the older version's reports are noted, the others are the newer one's. */
const turns = 4;
const isOldersTurn = (window: number) => window % turns === turns - 1;

/**
 * A version was seen. The same sighting again changes nothing, and of several in one window only one changes anything,
 * whoever comes with it: functions that do not know of each other write the same.
 */
export function see(known: Tracking, sighting: Sighting, pace: Pace): Seen {
  const tracking = judge(known, sighting.at, pace.settleMs);
  const seen = settled(seeJudged(tracking, sighting, pace), sighting, pace);
  const decided = tracking !== known && seen.effect !== 'nothing' && seen.effect !== 'crowded';
  return decided ? { effect: 'news', tracking: seen.tracking } : seen;
}

/** A version that arrives by a sighting reports by it too, and may outlive others at that very moment. */
function settled({ effect, tracking }: Seen, sighting: Sighting, pace: Pace): Seen {
  return { effect, tracking: effect === 'news' ? seeJudged(tracking, sighting, pace).tracking : tracking };
}

function seeJudged(tracking: Tracking, sighting: Sighting, pace: Pace): Seen {
  const version = tracking.versions.find((known) => known.version === sighting.version);
  const isCurrent = sighting.version === tracking.current;
  const since = tracking.versions.find(isFirst)?.since ?? Number.NEGATIVE_INFINITY;
  if (!version ? sighting.at <= since : isFirst(version) && sighting.at < since)
    return ranFirst(tracking, version, sighting, pace);
  if (!version || (version.standing === 'withdrawn' && sighting.at > version.accounted)) {
    return begin(tracking, sighting, version?.accounted ?? 0, pace);
  }
  if (version.standing === 'candidate') {
    const { at } = sighting;
    if (at >= version.since + pace.settleMs) return news(arrive(tracking, version, version.since, at));
    if (at < version.since && at > version.accounted)
      return news(withVersions(tracking, [{ ...version, since: at }]));
    return marked(tracking, outlive(tracking, version, sighting, pace));
  }
  if (isCurrent) {
    const changed = [
      ...outlive(tracking, version, sighting, pace),
      ...tracking.versions.flatMap((other) => newerReports(other, sighting, pace)),
    ];
    return marked(tracking, changed);
  }
  if (version.standing === 'withdrawn' || sighting.at <= version.accounted) return nothing(tracking);
  const { effect, tracking: told } = olderReports(tracking, version, sighting, pace);
  const outlived = outlive(told, version, sighting, pace);
  if (outlived.length === 0) return { effect, tracking: told };
  return { effect: effect === 'news' ? effect : 'mark', tracking: withVersions(told, outlived) };
}

/** A version that is new, or was withdrawn: a candidate from now on. */
function begin(tracking: Tracking, { at, ...given }: Sighting, accounted: number, { nowMs }: Pace): Seen {
  const candidates = tracking.versions.filter(({ standing }) => standing === 'candidate');
  if (candidates.length >= mostCandidates) return { effect: 'crowded', tracking };
  const candidate: KnownVersion = {
    ...given,
    standing: 'candidate',
    since: at,
    accounted,
    watched: Math.max(nowMs, at),
  };
  return news(withVersions(tracking, [candidate]));
}

const isFirst = ({ standing }: KnownVersion) => standing === 'baseline';

/**
 * Of what ran when we began to look, this was seen first, or at the same moment: telemetry comes in any order, and the
 * first export can tell of several. What was taken for the first and was seen later is a candidate, as in its order.
 */
function ranFirst(
  tracking: Tracking,
  version: KnownVersion | undefined,
  { at, ...given }: Sighting,
  { nowMs }: Pace,
): Seen {
  const own: KnownVersion = { ...(version ?? { ...given, standing: 'baseline', accounted: at }), since: at };
  const later = tracking.versions
    .filter((known) => isFirst(known) && known.version !== given.version && known.since > at)
    .map(({ beside, ...known }): KnownVersion => {
      return { ...known, standing: 'candidate', accounted: 0, watched: nowMs };
    });
  const isLater = later.some((known) => known.version === tracking.current);
  const current = isLater ? given.version : tracking.current;
  return news(withVersions({ ...tracking, current }, [own, ...later]));
}

/** The candidates that a version outlives: it was there before them, and reports when they should have replaced it. */
function outlive(
  { versions }: Tracking,
  older: KnownVersion,
  { at }: Sighting,
  { settleMs }: Pace,
): KnownVersion[] {
  return versions
    .filter(
      (known) =>
        known.standing === 'candidate' &&
        known.version !== older.version &&
        !known.outlived &&
        older.since < known.since &&
        at >= known.since + settleMs,
    )
    .map((known) => ({ ...known, outlived: true }));
}

/** The version in force reports while `other` does: so it is not rolled back. */
function newerReports(other: KnownVersion, { at }: Sighting, { settleMs }: Pace): KnownVersion[] {
  const { beside, ...rest } = other;
  if (!beside) return [];
  const window = windowOf(beside, at, settleMs);
  // The older one has let its own window go by: there is nothing to watch any more.
  if (lastWhole(window, isOldersTurn) > beside.ownWindow) {
    return [{ ...rest, accounted: Math.max(rest.accounted, at) }];
  }
  if (isOldersTurn(window) || window <= beside.currentWindow) return [];
  return [{ ...rest, beside: { ...beside, currentWindow: window } }];
}

/** An older version reports: beside the one in force, or, where that has been silent for a window, instead of it. */
function olderReports(tracking: Tracking, version: KnownVersion, { at }: Sighting, pace: Pace): Seen {
  const { settleMs, nowMs } = pace;
  const { beside } = version;
  if (!beside) {
    const watched = Math.max(nowMs, at);
    const begun: Beside = { since: at, watched, currentWindow: -1, ownWindow: -1 };
    return news(withVersions(tracking, [{ ...version, beside: begun }]));
  }
  if (at < beside.since)
    return news(withVersions(tracking, [{ ...version, beside: { ...beside, since: at } }]));
  const window = windowOf(beside, at, settleMs);
  if (lastWhole(window, (turn) => !isOldersTurn(turn)) > beside.currentWindow) {
    const inForce = tracking.versions.find((known) => known.version === tracking.current);
    // Both ran when we began to look, and since: which of them was deployed last, nobody knows.
    const together = isFirst(version) && beside.since <= version.since + settleMs;
    if (together && inForce && isFirst(inForce)) return news(takeOver(tracking, version, at));
    return news(arrive(tracking, version, rolledBackAt(beside, settleMs), at));
  }
  if (!isOldersTurn(window) || window <= beside.ownWindow) return nothing(tracking);
  return marked(tracking, [{ ...version, beside: { ...beside, ownWindow: window } }]);
}

/** When the older one came back; where both have reported for long, when the newer one was last known to. */
function rolledBackAt({ since, watched, currentWindow }: Beside, settleMs: number): number {
  return currentWindow > 1 ? watched + currentWindow * settleMs : since;
}

const windowOf = ({ watched }: Beside, at: number, settleMs: number) => Math.floor((at - watched) / settleMs);

/** The last window of a kind that was over when `window` began; -1 where there was none. */
function lastWhole(window: number, ofKind: (window: number) => boolean): number {
  for (let last = window - 1; last >= Math.max(0, window - turns); last--) if (ofKind(last)) return last;
  return -1;
}

const nothing = (tracking: Tracking): Seen => ({ effect: 'nothing', tracking });
const news = (tracking: Tracking): Seen => ({ effect: 'news', tracking });
const marked = (tracking: Tracking, changed: readonly KnownVersion[]): Seen =>
  changed.length === 0 ? nothing(tracking) : { effect: 'mark', tracking: withVersions(tracking, changed) };
