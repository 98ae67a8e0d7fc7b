import { isDeepStrictEqual } from 'node:util';
import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { lastEventKey, markEventDue, readLog } from '../../store/events/events.ts';
import { dayAttributes } from '../../store/incidents/by-day.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import {
  acquireLease,
  commitIncident,
  type Lease,
  leaseMs,
  refreshLease,
} from '../../store/incidents/lease.ts';
import { frozenAfter } from '../../store/outgoing/outgoing.ts';
import { recallCounted } from './counted-since.ts';
import { incidentRow } from './incident-row.ts';
import { toProgress } from './progress.ts';
import { fullPass } from './read-pass.ts';
import { adopt } from './recorded-facts.ts';

export interface AttributeDifference {
  attribute: string;
  row: unknown;
  log: unknown;
}

/**
 * `busy`: events of it are being worked on or wait for it, so that row and log may rightly differ.
 * `no_log`: its events have expired; the row is all there is.
 */
export type Rebuilt =
  | { outcome: 'same' | 'busy' | 'no_log' }
  | { outcome: 'different' | 'rebuilt'; differences: AttributeDifference[] };

/** What depends on how far the work has come, not on the log. */
const workings = new Set([
  'forwarding',
  'expires_at',
  'backlog',
  'rematch_requested',
  'resend_requested',
  'subscription_ids',
]);

/** Compares an incident's row with what its log says. The recorded facts (matches, environment) are kept. */
export async function checkIncident(
  store: Store,
  config: BridgeConfig,
  incidentId: string,
  nowMs: number,
): Promise<Rebuilt> {
  const row = (await readIncident(store, incidentId)) ?? {};
  const fromLog = await differencesFromLog(store, config, incidentId, row);
  const differences = fromLog ?? differencesFromRow(incidentId, row);
  if (differences.length === 0) return { outcome: fromLog ? 'same' : 'no_log' };
  const leased = String(row['lease_until'] ?? '') > iso(nowMs);
  if (leased || (await readLog(store, incidentId)).some(({ dueAt }) => dueAt)) return { outcome: 'busy' };
  return { outcome: 'different', differences };
}

/** Writes the row anew from the log, under the incident's lease, where it differs. */
export async function rebuildIncident(
  store: Store,
  config: BridgeConfig,
  incidentId: string,
  owner: string,
  nowMs: number,
): Promise<Rebuilt> {
  const checked = await checkIncident(store, config, incidentId, nowMs);
  if (checked.outcome !== 'different') return checked;
  const taken = await acquireLease(store, incidentId, owner, nowMs, nowMs + leaseMs, []);
  if (taken === 'taken') return { outcome: 'busy' };
  let lease: Lease = taken;
  for (;;) {
    const differences =
      (await differencesFromLog(store, config, incidentId, lease.row)) ??
      differencesFromRow(incidentId, lease.row);
    const attributes = Object.fromEntries(differences.map(({ attribute, log }) => [attribute, log]));
    // A row that was lost takes what it knew of held events and of deliveries sent again with it: somebody must
    // look through the whole log, and through all deliveries.
    const lost = lease.row['last_sequence'] === undefined;
    const last = lost ? await lastEventKey(store, incidentId) : undefined;
    if (last) await markEventDue(store, last, nowMs);
    const anew = lost ? { forwarding: 'pending', backlog: true, redriven: true } : {};
    const committed = await commitIncident(store, lease, { ...attributes, ...anew });
    if (committed === 'released') return { outcome: 'rebuilt', differences };
    // A note left by a worker meanwhile is lost with the lease, but not the due mark of the event it is about.
    const refreshed = committed === 'lost' ? 'lost' : await refreshLease(store, lease);
    if (refreshed === 'lost') return { outcome: 'busy' };
    lease = refreshed;
  }
}

async function differencesFromLog(
  store: Store,
  config: BridgeConfig,
  incidentId: string,
  row: Row,
): Promise<AttributeDifference[] | undefined> {
  const progress = toProgress(row);
  if (row['last_sequence'] === undefined) {
    adopt(progress, await frozenAfter(store, incidentId, 0));
    await recallCounted(store, incidentId, progress);
  }
  const { state, ...rest } = progress;
  // Without the state kept on the row, everything is folded anew; with too short a log that is impossible.
  const pass = await fullPass(store, incidentId, rest);
  progress.wholeLog = rest.wholeLog;
  progress.imported = rest.imported;
  if (!pass || pass.current.event_count < progress.eventCount) return undefined;
  progress.state = pass.current;
  progress.foldedThrough = pass.foldedThrough;
  progress.eventCount = pass.current.event_count;
  return differencesBetween(row, incidentRow({ config }, progress, pass));
}

/** Its events have expired, so the row is all there is; by what the index finds it follows from the row alone. */
const differencesFromRow = (incidentId: string, row: Row): AttributeDifference[] =>
  differencesBetween(row, dayAttributes(incidentId, row));

function differencesBetween(row: Row, wanted: Row): AttributeDifference[] {
  return Object.keys(wanted)
    .filter((attribute) => !workings.has(attribute) && !isSame(attribute, row[attribute], wanted[attribute]))
    .map((attribute) => ({ attribute, row: row[attribute], log: wanted[attribute] }));
}

/** The order of keys in a map and of members in a set mean nothing; what is undefined is not on the row. */
function isSame(attribute: string, row: unknown, wanted: unknown): boolean {
  if (attribute === 'fold' && typeof row === 'string' && typeof wanted === 'string') {
    return isDeepStrictEqual(JSON.parse(row), JSON.parse(wanted));
  }
  return isDeepStrictEqual(normalized(row), normalized(wanted));
}

function normalized(value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
