import { countOf } from './state.ts';
import type { Timed } from './timed.ts';

/**
 * Which facts of an incident were not told by the event that would know them. Three cases: seen, and exact;
 * concluded, and given with its name in `inferred`; a guess, and left out with its name in `inferred`.
 *
 *   missed                  betrayed by                          what is named
 *   the beginning           no `incident.triggered`              all that may have happened before
 *   an acknowledgement      a snapshot, an unacknowledgement     acknowledged_at (at the latest), time to acknowledge
 *   a resolve               a snapshot                           finished_at (at the latest), time to restore
 *                           a reopening                          time to restore, reopen_count
 *   a reopening             a snapshot's `reopened_at`           time to restore (seconds off), reopen_count
 *                           a later event of an open incident    status, finished_at, time to restore, reopen_count
 */
export type InferredFact =
  | 'status'
  | 'started_at'
  | 'acknowledged_at'
  | 'finished_at'
  | 'time_to_acknowledge_seconds'
  | 'time_to_restore_seconds'
  | 'reopen_count';

type Verdict = 'seen' | 'concluded' | 'guess';

const verdicts: [InferredFact, (state: Timed) => Verdict][] = [
  ['status', (state) => (state.resolve_doubted ? 'concluded' : 'seen')],
  ['started_at', (state) => (isStartSeen(state) ? 'seen' : 'concluded')],
  ['acknowledged_at', acknowledged],
  ['finished_at', (state) => (isEndSeen(state) ? 'seen' : 'concluded')],
  ['time_to_acknowledge_seconds', toAcknowledge],
  ['time_to_restore_seconds', toRestore],
  ['reopen_count', (state) => (arePeriodsSeen(state) ? 'seen' : 'concluded')],
];

/** Names of the facts that are not exact, whether given or left out; empty for an incident seen as a whole. */
export function inferredFacts(state: Timed): InferredFact[] {
  return verdicts.filter(([, verdict]) => verdict(state) !== 'seen').map(([name]) => name);
}

/** Whether any number for it would be a guess. */
export function isGuess(state: Timed, fact: InferredFact): boolean {
  return verdicts.some(([name, verdict]) => name === fact && verdict(state) === 'guess');
}

/** Who reports an incident says when it began, with its end or without. */
const isBeginningSeen = (state: Timed): boolean =>
  state.reported !== undefined || countOf(state, 'incident.triggered') > 0;

/** PagerDuty's `created_at` tells it, whenever the bridge came. */
const isStartSeen = (state: Timed): boolean =>
  state.status === undefined || state.created_at !== undefined || state.triggered_at !== undefined;

const isEndSeen = (state: Timed): boolean =>
  state.status !== 'resolved' || !(state.resolve_inferred || state.resolve_doubted);

const arePeriodsSeen = (state: Timed): boolean =>
  isBeginningSeen(state) && !(state.active_inferred || state.reopening_inferred || state.resolve_doubted);

function acknowledged(state: Timed): Verdict {
  if (state.acknowledged_at === undefined) return 'seen';
  return isBeginningSeen(state) && !state.acknowledge_inferred ? 'seen' : 'concluded';
}

function toAcknowledge(state: Timed): Verdict {
  if (state.acknowledged_at === undefined) return 'seen';
  const { acknowledge_inferred, response_inferred } = state;
  if (acknowledge_inferred || response_inferred === 'unknown' || !isStartSeen(state)) return 'guess';
  return isBeginningSeen(state) && response_inferred === undefined ? 'seen' : 'concluded';
}

function toRestore(state: Timed): Verdict {
  if (state.status !== 'resolved' || state.merged_into !== undefined) return 'seen';
  if (!isEndSeen(state) || state.active_inferred === 'unknown' || !isStartSeen(state)) return 'guess';
  return arePeriodsSeen(state) ? 'seen' : 'concluded';
}
