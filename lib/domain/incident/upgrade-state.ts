import { countOf, type IncidentState } from './state.ts';

/**
 * The memory as the first version of the fold wrote it, which kept no note of what it had concluded. Its counts
 * betray most of it: an end of a period without a resolve, an `unacknowledged` without an acknowledgement.
 */
export function upgradeState(state: IncidentState): IncidentState {
  const ended = state.reopen_count + (state.status === 'resolved' && !state.resolve_inferred ? 1 : 0);
  const periods =
    countOf(state, 'incident.resolved') < ended || countOf(state, 'incident.reopened') < state.reopen_count;
  const acknowledgement =
    state.acknowledged_at !== undefined &&
    countOf(state, 'incident.unacknowledged') > countOf(state, 'incident.acknowledged');
  return {
    ...state,
    ...(periods && { active_inferred: 'unknown' as const }),
    ...(acknowledgement && { acknowledge_inferred: true as const }),
    ...(state.reopen_count > 0 && { response_inferred: 'unknown' as const }),
  };
}
