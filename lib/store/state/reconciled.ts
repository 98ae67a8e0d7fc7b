import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { changeState, readState, type State } from './state.ts';

/** A webhook subscription that leads here, as it was last seen. */
export interface WatchedSubscription {
  id: string;
  /** What of it somebody may change, as text. */
  settings: string;
  events: string[];
  filter: string;
  filterId?: string;
}

/** How far what PagerDuty knows has been compared with what is here. Times in epoch milliseconds. */
export interface Reconciled {
  /** Of an incident that began before and that nobody here knows, nothing was lost: it is the past. */
  beginsMs: number;
  /** Incidents that were resolved up to then have been compared. */
  resolvedThroughMs: number;
  /** Log entries of the account up to then have been compared. */
  entriesThroughMs: number;
  /** The log is to be compared the next time: something was lost, or is being lost. */
  behind: boolean;
  subscriptions: WatchedSubscription[];
  /** When all subscriptions of the account were looked through. */
  listedMs: number;
  /** When one was enabled, within the last day. */
  enabledMs: number[];
  /** Incidents that differ in what cannot be mended, by how they were when that was found out. */
  looked: Record<string, string>;
}

const name = 'reconcile';

export interface KeptReconciled {
  seen: State;
  /** Absent before the first time. */
  reconciled: Reconciled | undefined;
}

export async function readReconciled(store: Store): Promise<KeptReconciled> {
  const seen = await readState(store, name);
  const { progress } = seen.row;
  const kept = typeof progress === 'string' ? (JSON.parse(progress) as Reconciled) : undefined;
  return { seen, reconciled: kept };
}

/** `undefined` when somebody else has saved meanwhile. What people look for stands beside the rest. */
export async function saveReconciled(
  store: Store,
  { seen }: KeptReconciled,
  reconciled: Reconciled,
  nowMs: number,
): Promise<KeptReconciled | undefined> {
  const row = {
    progress: JSON.stringify(reconciled),
    begins_at: iso(reconciled.beginsMs),
    resolved_through: iso(reconciled.resolvedThroughMs),
    log_entries_through: iso(reconciled.entriesThroughMs),
    subscription_ids: reconciled.subscriptions.map(({ id }) => id),
    behind: reconciled.behind,
    enabled_at: reconciled.enabledMs.map(iso),
    saved_at: iso(nowMs),
  };
  if (!(await changeState(store, name, seen, row))) return undefined;
  return { seen: { revision: seen.revision + 1, row }, reconciled };
}
