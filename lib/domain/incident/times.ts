import { isGuess } from './inferred.ts';
import type { Timed } from './timed.ts';

/**
 * The honest times of an incident, derived from the fold's memory. Seconds are floored, never negative, and absent
 * where they would be a guess. inferred.ts names those that were concluded instead of seen.
 */
export function startedAt(state: Timed): string | undefined {
  // A note alone tells no start: the incident may be over since long ago.
  return state.status === undefined ? state.created_at : earliest(state);
}

/** When the incident began, as far as anything tells; the fold measures from here. */
export function earliest(state: Pick<Timed, 'created_at' | 'first_event_at'>): string | undefined {
  return state.created_at ?? state.first_event_at;
}

/** Clocks differ: a resolve is never shown before the start. */
export function finishedAt(state: Timed): string | undefined {
  if (state.status !== 'resolved' || state.resolved_at === undefined) return undefined;
  const start = startedAt(state);
  return start !== undefined && start > state.resolved_at ? start : state.resolved_at;
}

/** From the start to the first acknowledgement, without the time it was resolved between. */
export function secondsToAcknowledge(state: Timed): number | undefined {
  if (state.acknowledged_at === undefined || isGuess(state, 'time_to_acknowledge_seconds')) return undefined;
  const quiet = state.resolved_ms_before_acknowledge ?? 0;
  return Math.max(0, Math.floor((millisBetween(startedAt(state), state.acknowledged_at) - quiet) / 1000));
}

/**
 * The sum of the active periods. A merged incident was not restored: it went on as another one; and one that was taken
 * back never was a failure.
 */
export function secondsToRestore(state: Timed): number | undefined {
  if (state.status !== 'resolved' || state.merged_into !== undefined) return undefined;
  if (state.withdrawn_at !== undefined) return undefined;
  return isGuess(state, 'time_to_restore_seconds') ? undefined : Math.floor(state.active_ms / 1000);
}

export function millisBetween(from: string | undefined, to: string | undefined): number {
  if (from === undefined || to === undefined) return 0;
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
