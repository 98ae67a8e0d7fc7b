import type {
  Arrival,
  Beside,
  KnownVersion,
  Sources,
  Tracking,
} from '../../domain/deployment/versions/tracking.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { changeState, readState, type State } from './state.ts';

/** What is known of the versions of one service and environment, and the row as it was when that was read. */
export interface SeenTracking {
  state: State;
  /** Absent where nothing has been seen yet. */
  tracking: Tracking | undefined;
}

/** By the subject's key, which is the name of the row too. */
export async function readTracking(store: Store, subject: string): Promise<SeenTracking> {
  const state = await readState(store, subject);
  return { state, tracking: state.revision === 0 ? undefined : toTracking(state.row) };
}

/** `false` when somebody has changed the row since it was read: then what was worked out is void. */
export async function saveTracking(
  store: Store,
  subject: string,
  { state }: SeenTracking,
  { service, namespace, env, current, versions, unreported }: Tracking,
): Promise<boolean> {
  return changeState(store, subject, state, {
    service,
    namespace,
    env,
    current_version: current,
    versions: versions.map(fromVersion),
    unreported: unreported.map(({ started, ...arrival }) => ({ ...arrival, started_at: iso(started) })),
  });
}

function toTracking(row: Row): Tracking {
  return {
    service: String(row['service']),
    namespace: text(row['namespace']),
    env: text(row['env']),
    current: String(row['current_version']),
    versions: rows(row['versions']).map(toVersion),
    unreported: rows(row['unreported']).map(toArrival),
  };
}

function fromVersion({ since, accounted, watched, beside, ...version }: KnownVersion): Row {
  return {
    ...version,
    since: iso(since),
    accounted_until: iso(accounted),
    watched_since: watched === undefined ? undefined : iso(watched),
    beside: beside && {
      since: iso(beside.since),
      watched_since: iso(beside.watched),
      current_window: beside.currentWindow,
      own_window: beside.ownWindow,
    },
  };
}

function toVersion(row: Row): KnownVersion {
  return {
    ...toSources(row),
    version: String(row['version']),
    standing: row['standing'] as KnownVersion['standing'],
    since: time(row['since']),
    accounted: time(row['accounted_until']),
    ...(row['watched_since'] === undefined ? {} : { watched: time(row['watched_since']) }),
    ...(row['outlived'] === true ? { outlived: true } : {}),
    ...(row['beside'] === undefined ? {} : { beside: toBeside(row['beside'] as Row) }),
  };
}

const toBeside = (row: Row): Beside => ({
  since: time(row['since']),
  watched: time(row['watched_since']),
  currentWindow: Number(row['current_window']),
  ownWindow: Number(row['own_window']),
});

const toArrival = (row: Row): Arrival => ({
  ...toSources(row),
  version: String(row['version']),
  started: time(row['started_at']),
  ...(row['again'] === true ? { again: true } : {}),
});

const toSources = (row: Row): Sources => ({
  commit_sha: text(row['commit_sha']),
  repository_url: text(row['repository_url']),
  repository_id: text(row['repository_id']),
});

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const time = (value: unknown): number => Date.parse(String(value));
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
