import type { CountedFacts } from './counted-facts.ts';
import { isSelected, type Selection } from './criteria.ts';
import { pagerDuty } from './sources.ts';

/** A destination, with what it wants to hear of. Everything that is given must be met. */
export interface Choosy {
  name: string;
  only?: Selection | undefined;
  counts?: Selection | undefined;
  events?: readonly string[] | undefined;
  /** It is sent what other programs report without asking for it. */
  reports?: boolean;
}

/**
 * How far the incident has come with its destinations. One that was owed an event and is not `leftOut` counts the
 * incident, and never stops: what has a start there must get its end.
 */
export interface Standing {
  /** Destinations that were ever owed one of its events. */
  owed: readonly string[];
  /** Those among them for which it has not begun to count. */
  leftOut: readonly string[];
}

export interface Choice {
  /** Destinations that leave this event out; it is kept for them, in case the incident begins to count. */
  leftOut: string[];
  /** Destinations for which the incident begins to count with this event, after earlier ones were left out. */
  begins: string[];
}

/** Who hears of one event. `facts` is undefined for an event that leaves for nobody, which begins nothing. */
export function choose(
  destinations: readonly Choosy[],
  facts: CountedFacts | undefined,
  { owed, leftOut }: Standing,
): Choice {
  const choice: Choice = { leftOut: [], begins: [] };
  for (const destination of destinations) {
    const { name } = destination;
    const wasLeftOut = leftOut.includes(name);
    if (owed.includes(name) && !wasLeftOut) continue;
    const offered = facts === undefined || isOffered(destination, facts);
    if (offered && !isChoosy(destination) && !wasLeftOut) continue;
    if (!offered || facts === undefined || !wants(destination, facts)) choice.leftOut.push(name);
    else if (wasLeftOut) choice.begins.push(name);
  }
  return choice;
}

/** The standing after an event was frozen with this choice. */
export function standingAfter(
  { owed, leftOut }: Standing,
  frozen: { destinations: readonly string[]; leftOut: readonly string[] },
): Standing {
  const counted = frozen.destinations.filter((name) => !frozen.leftOut.includes(name));
  return {
    owed: [...new Set([...owed, ...frozen.destinations])],
    leftOut: [...new Set([...leftOut, ...frozen.leftOut])].filter((name) => !counted.includes(name)),
  };
}

export const isChoosy = ({ only, counts }: Choosy): boolean => only !== undefined || counts !== undefined;

/** Types that only reported incidents have. */
const reportsAlone = ['incident.updated', 'incident.deleted'];

/**
 * Receivers that were there before other programs could report know PagerDuty's incidents and nothing else, so
 * reported ones go where the configuration says so in some way.
 */
function isOffered({ only, events, reports }: Choosy, { source }: CountedFacts): boolean {
  if (source === pagerDuty || reports) return true;
  return only?.sources !== undefined || events?.some((type) => reportsAlone.includes(type)) === true;
}

/** An incident that was taken back begins to count nowhere. */
export function wants({ only, counts }: Choosy, facts: CountedFacts): boolean {
  if (facts.withdrawn) return false;
  return [only, counts].every((selection) => selection === undefined || isSelected(selection, facts));
}
