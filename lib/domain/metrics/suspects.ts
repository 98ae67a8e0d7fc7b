import { comparableName } from '../catalog/names.ts';
import { begunAtMs } from '../links/concerned.ts';
import type { Suffering, Suspect } from '../links/facts.ts';
import { toleranceMs } from '../links/remediation.ts';

export interface Suspects<T extends Suspect> {
  /** All that `link` may choose from for this incident, and as few others as can be told cheaply. */
  of(incident: Suffering): T[];
  /** Those of the same service and environment among which `remediationOf` finds what ended the incident. */
  after(deployment: Suspect, incident: Pick<Suffering, 'startedAtMs' | 'finishedAtMs'>): T[];
}

interface Group<T> {
  /** By when they began. */
  all: T[];
  /** By when they were finished, those that were. */
  finished: T[];
  /** The longest time from the beginning of one to its end. */
  longestMs: number;
}

/**
 * Comparing each incident with each deployment would take minutes. So they are grouped by what a link demands, a
 * service (or team) and an environment; and where an incident names nothing, so that only the time can tell, those are
 * left out that ended long before it, or began after it.
 */
export function suspectsAmong<T extends Suspect>(known: readonly T[], windowMs: number): Suspects<T> {
  const byId = new Map(known.map((each) => [each.id, each]));
  const sorted = [...known].sort((a, b) => begunAtMs(a) - begunAtMs(b));
  const byService = group(sorted, ({ service, env }) => keyOf(service, env));
  const byTeam = group(sorted, ({ team, env }) => keyOf(team, env));
  return {
    of(incident) {
      const { services, team, env, commitSha, version, deploymentId } = incident;
      const groups =
        services.length === 0
          ? [byTeam.get(keyOf(team, env))]
          : [...new Set(services.map((name) => keyOf(name, env)))].map((key) => byService.get(key));
      const namesAny = commitSha !== undefined || version !== undefined || deploymentId !== undefined;
      const theirs = groups.flatMap((each) => {
        if (each === undefined) return [];
        return namesAny ? each.all : around(each, incident.startedAtMs, windowMs);
      });
      const named = deploymentId === undefined ? undefined : byId.get(deploymentId);
      return named === undefined || theirs.includes(named) ? theirs : [...theirs, named];
    },
    after({ service, env }, { startedAtMs, finishedAtMs = Infinity }) {
      const finished = byService.get(keyOf(service, env))?.finished ?? [];
      const from = firstAfter(finished, finishedAt, startedAtMs);
      return finished.slice(from, firstAfter(finished, finishedAt, finishedAtMs + toleranceMs));
    },
  };
}

/** Those that began before a moment and may have been finished at most the window before it. */
function around<T extends Suspect>({ all, longestMs }: Group<T>, ms: number, windowMs: number): T[] {
  const from = firstAfter(all, begunAtMs, ms - windowMs - longestMs - 1);
  return all.slice(from, firstAfter(all, begunAtMs, ms));
}

const finishedAt = ({ finishedAtMs }: Suspect): number => finishedAtMs ?? Infinity;

/** The place of the first whose time is after a moment, of several in the order of that time. */
function firstAfter(all: readonly Suspect[], timeOf: (one: Suspect) => number, ms: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(all[middle] as Suspect) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function group<T extends Suspect>(sorted: readonly T[], key: (one: T) => string): Map<string, Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const one of sorted) {
    const name = key(one);
    const known = groups.get(name);
    const tookMs = Math.max(0, (one.finishedAtMs ?? 0) - begunAtMs(one));
    if (known) {
      known.all.push(one);
      known.longestMs = Math.max(known.longestMs, tookMs);
    } else groups.set(name, { all: [one], finished: [], longestMs: tookMs });
  }
  for (const each of groups.values())
    each.finished = each.all
      .filter(({ finishedAtMs }) => finishedAtMs !== undefined)
      .sort((a, b) => finishedAt(a) - finishedAt(b));
  return groups;
}

/** No name, and no environment, are keys of their own. */
const keyOf = (name: string | undefined, env: string | undefined): string =>
  JSON.stringify([comparableName(name), env === undefined ? null : [comparableName(env)]]);
