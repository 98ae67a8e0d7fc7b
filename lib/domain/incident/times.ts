/** The honest times of an incident, derived from the fold's memory. Seconds are floored, never negative. */
interface Timed {
  created_at?: string | undefined;
  first_event_at?: string | undefined;
  status?: string | undefined;
  acknowledged_at?: string | undefined;
  resolved_at?: string | undefined;
  merged_into?: string | undefined;
  active_ms: number;
}

export function startedAt(state: Timed): string | undefined {
  return state.created_at ?? state.first_event_at;
}

/** Clocks differ: a resolve is never shown before the start. */
export function finishedAt(state: Timed): string | undefined {
  if (state.status !== 'resolved' || state.resolved_at === undefined) return undefined;
  const start = startedAt(state);
  return start !== undefined && start > state.resolved_at ? start : state.resolved_at;
}

export function secondsToAcknowledge(state: Timed): number | undefined {
  if (state.acknowledged_at === undefined) return undefined;
  return Math.floor(millisBetween(startedAt(state), state.acknowledged_at) / 1000);
}

/** The sum of the active periods. A merged incident was not restored: it went on as another one. */
export function secondsToRestore(state: Timed): number | undefined {
  if (state.status !== 'resolved' || state.merged_into !== undefined) return undefined;
  return Math.floor(state.active_ms / 1000);
}

export function millisBetween(from: string | undefined, to: string | undefined): number {
  if (from === undefined || to === undefined) return 0;
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
