import type { RunningVersion } from './running-version.ts';

/** What is known of the versions of one service in one environment, and what is being watched. */
export interface Tracking {
  service: string;
  namespace?: string | undefined;
  env?: string | undefined;
  /** The version in force: deployed last, or the first one that was ever seen. */
  current: string;
  versions: readonly KnownVersion[];
  /** Decided, and perhaps not yet in the log of deployments. */
  unreported: readonly Arrival[];
}

export interface KnownVersion extends Sources {
  version: string;
  /**
   * `baseline`: ran when we began to look. `candidate`: may become a deployment. `withdrawn`: fell silent before it
   * did, a canary; should it come back, it is a candidate anew.
   */
  standing: 'baseline' | 'candidate' | 'deployed' | 'withdrawn';
  /** When it was first seen: as a candidate, or the time it is or was in force. Epoch milliseconds, as all here. */
  since: number;
  /** What was seen of it up to then has had its effect and must not have it again. */
  accounted: number;
  /** Of a candidate: since when whoever reads the row can know of it. */
  watched?: number | undefined;
  /** Of a candidate: an older version was still reporting when it should have been gone. */
  outlived?: true | undefined;
  /** Reports although another version is in force. */
  beside?: Beside | undefined;
}

/** Where a version comes from, as far as its telemetry says. */
export type Sources = Pick<RunningVersion, 'commit_sha' | 'repository_url' | 'repository_id'>;

/** While two versions report, who of them did in which window of `settle_minutes`, counted from `watched`. */
export interface Beside {
  /** When the older one was seen again. */
  since: number;
  watched: number;
  /** The last window in which the version in force, and this one, are known to have reported; -1 for none. */
  currentWindow: number;
  ownWindow: number;
}

/** A version that has become a deployment: when, and which. */
export interface Arrival extends Sources {
  version: string;
  started: number;
  /** It is one that was there before. */
  again?: true | undefined;
}

/** A version, seen running at a time. */
export interface Sighting extends Sources {
  version: string;
  at: number;
}

export interface Pace {
  settleMs: number;
  nowMs: number;
}

/** More candidates at once are not looked at: then the version tells something else, a build or a process. */
export const mostCandidates = 20;
/** Of versions that are no candidates. One that has been forgotten and comes back is taken for a new one. */
const mostRemembered = 12;

/** A service seen for the first time: its version is no deployment, it may have been running for long. */
export function baseline(running: RunningVersion, { version, at, ...sources }: Sighting): Tracking {
  const { service, namespace, env } = running;
  const known: KnownVersion = { ...sources, version, standing: 'baseline', since: at, accounted: at };
  return { service, namespace, env, current: version, versions: [known], unreported: [] };
}

/** The same with some versions changed or added, and the oldest forgotten. */
export function withVersions(tracking: Tracking, changed: readonly KnownVersion[]): Tracking {
  const names = new Set(changed.map(({ version }) => version));
  const versions = [...tracking.versions.filter(({ version }) => !names.has(version)), ...changed];
  versions.sort((a, b) => b.since - a.since || (a.version < b.version ? -1 : 1));
  let room = mostRemembered;
  const kept = versions.filter(({ version, standing }) => {
    if (version === tracking.current || standing === 'candidate') return true;
    room -= 1;
    return room >= 0;
  });
  return { ...tracking, versions: kept };
}

/** A version is in force from now on that nobody saw being deployed; should the other come back, that is a deployment. */
export function takeOver(tracking: Tracking, version: KnownVersion, at: number): Tracking {
  const { unreported, ...arrived } = arrive(tracking, version, version.since, at);
  return { ...arrived, unreported: tracking.unreported };
}

/**
 * A version has become a deployment: it is in force from now on, unless one that began later is. What was watched
 * of others ends, since it was about who is in force.
 */
export function arrive(tracking: Tracking, version: KnownVersion, started: number, at: number): Tracking {
  const { commit_sha, repository_url, repository_id } = version;
  const inForce = tracking.versions.find((known) => known.version === tracking.current);
  const newest = !inForce || inForce.since <= started;
  const arrived: KnownVersion = {
    version: version.version,
    standing: 'deployed',
    since: started,
    accounted: Math.max(version.accounted, at),
    commit_sha,
    repository_url,
    repository_id,
  };
  const others = tracking.versions
    .filter((known) => known.version !== version.version && known.standing !== 'candidate')
    .map(({ beside, ...known }) => ({
      ...known,
      ...(newest ? { accounted: Math.max(known.accounted, at) } : { beside }),
    }));
  const changed = withVersions({ ...tracking, current: newest ? version.version : tracking.current }, [
    ...others,
    arrived,
  ]);
  const again = version.standing === 'candidate' ? undefined : (true as const);
  const sources: Sources = { commit_sha, repository_url, repository_id };
  const arrival: Arrival = { ...sources, version: version.version, started, ...(again && { again }) };
  return { ...changed, unreported: [...tracking.unreported, arrival] };
}
