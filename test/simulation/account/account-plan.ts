import type { Dice } from '../dice.ts';

/**
 * Webhooks do not come: because PagerDuty says that it has disabled them, for no reason one could see, or not before
 * the gap is over.
 */
export interface Gap {
  from: number;
  until: number;
  kind: 'disabled' | 'lost' | 'late';
}

/** An operator's `pdbridge import`: from before all incidents on. */
export interface PlannedImport {
  at: number;
  sinceMs: number;
}

/** How incidents go where PagerDuty's log is read as well. */
export interface Manner {
  /** Whoever escalates or delegates an acknowledged incident makes it triggered again, as in PagerDuty. */
  isLikePagerDuty: boolean;
  /** So far events of one incident are apart at least: then its log, in whole seconds, tells them exactly. */
  apartMs: number;
}

/** What is done with PagerDuty's REST API in a run. */
export interface AccountPlan {
  gaps: Gap[];
  reconcile: 'hourly' | 'off';
  imports: PlannedImport[];
  /** A subscription that is disabled is enabled again by the bridge. */
  reenable: boolean;
  /** A destination that wants the past as well. */
  wantsHistory?: string;
  /** Requests a minute. */
  rateLimit: number;
  /** How often a request meets a 429, a 5xx or an answer that breaks off while there is trouble. */
  refusals: number;
  apartMs: number;
  /** What comes to light after a gap meets trouble as well. */
  calmFrom: number;
  /** From then on nothing more is lost, and what was lost must have been found a day later. */
  soundFrom: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** In some runs the bridge has a key to PagerDuty's REST API. */
export const drawManner = (dice: Dice): Manner | undefined =>
  dice.chance(0.12) ? { isLikePagerDuty: true, apartMs: dice.chance(0.7) ? 6 * second : 1 } : undefined;

interface Known {
  manner: Manner;
  startMs: number;
  storyEnd: number;
  calmFrom: number;
  destinations: readonly string[];
  /** When anything happens. */
  times: readonly number[];
}

export function planAccount(dice: Dice, known: Known): AccountPlan {
  const { startMs, storyEnd, manner, times } = known;
  const gap = (): Gap => {
    const from = dice.pick(times);
    const kind = dice.pick(['disabled', 'lost', 'late'] as const);
    // A single event, an hour, a day.
    const length = dice.chance(0.4) ? 4 * second : dice.spread(10 * minute, 30 * hour);
    return { from, until: from + length, kind };
  };
  const reconcile = dice.chance(0.7) ? 'hourly' : 'off';
  const gaps = Array.from({ length: dice.between(1, 3) }, gap);
  const reenable = dice.chance(0.3);
  // What is found a day later as well, in some.
  const stormFor = dice.pick([0, 3, 28]) * hour;
  const stormyUntil = Math.max(...gaps.map(({ until }) => until)) + stormFor;
  const calmFrom = Math.max(known.calmFrom, stormyUntil);
  const latest = Math.max(storyEnd, ...gaps.map(({ until }) => until)) + dice.spread(minute, 20 * hour);
  const count = reconcile === 'off' ? dice.between(1, 3) : dice.pick([0, 0, 1, 2]);
  const imports = Array.from({ length: count }, () => ({
    at: Math.min(latest, dice.pick(times) + dice.spread(10 * minute, 20 * hour)),
    // The same again goes on where it was left.
    sinceMs: startMs - (dice.chance(0.7) ? 1 : 2) * hour,
  }));
  return {
    gaps,
    reconcile,
    imports,
    reenable,
    ...(dice.chance(0.3) && { wantsHistory: dice.pick(known.destinations) }),
    rateLimit: dice.pick([960, 960, 25]),
    refusals: dice.pick([0, 0.05, 0.3]),
    apartMs: manner.apartMs,
    calmFrom,
    soundFrom: Math.max(
      storyEnd,
      calmFrom,
      ...gaps.map(({ until }) => until),
      ...imports.map(({ at }) => at),
    ),
  };
}
