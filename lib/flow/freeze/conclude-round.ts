import type { Row } from '../../store/database/marshalled.ts';
import type { ProcessDeps } from './deps.ts';
import { incidentRow } from './incident-row.ts';
import type { Judgement } from './judge.ts';
import { letGoAttributes } from './never-told.ts';
import type { Held } from './plan-round.ts';
import type { Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';

/**
 * Where the first held event belongs to a service the incident has left since, pinning either service may set it
 * free, but the index has room for one: such an incident is judged again by every sweep.
 */
const judgedAnew = 'moved';

export const isJudgedAnew = ({ heldJudgedBy }: Progress): boolean => heldJudgedBy === judgedAnew;

export interface Conclusion {
  attributes: Row;
  heldBy?: { serviceId: string; judgedBy: string };
}

/** What the incident's row says when the round is over. Changes `progress`; writes nothing. */
export function concludeRound(
  deps: Pick<ProcessDeps, 'config' | 'clock'>,
  progress: Progress,
  pass: Pass,
  round: { held: Held | undefined; judgement: Judgement | undefined; unfinished: boolean; letGo: boolean },
): Conclusion {
  const { held, unfinished, letGo } = round;
  const judgement = held?.reason === 'unmatched' ? round.judgement : undefined;
  const judgedBy = held?.moved ? judgedAnew : judgement?.judgedBy;

  progress.state = pass.current;
  progress.foldedThrough = pass.foldedThrough;
  progress.eventCount = pass.current.event_count;
  progress.backlog = unfinished;
  progress.held = held !== undefined;
  progress.heldReason = held?.reason;
  if (judgement && judgedBy) progress.heldJudgedBy = judgedBy;
  else delete progress.heldJudgedBy;

  const forwarding = forwardingOf(progress, unfinished);
  const heldBy = judgement && !held?.moved;
  return {
    attributes: {
      ...incidentRow(deps, progress, pass),
      ...(forwarding && { forwarding, expires_at: undefined }),
      held_reason: held?.reason,
      held_service: judgement?.service.id,
      held_judged_by: judgement && judgedBy,
      ...(held || progress.frozenNow ? { reason: undefined } : {}),
      ...(letGo ? letGoAttributes(deps.config, deps.clock.now()) : {}),
    },
    ...(heldBy ? { heldBy: { serviceId: judgement.service.id, judgedBy: judgement.judgedBy } } : {}),
  };
}

/**
 * What the row is to say of forwarding. Undefined: its own word stands, because nothing new is owed, and whoever
 * delivers may have changed it since it was read.
 */
function forwardingOf(progress: Progress, unfinished: boolean): string | undefined {
  if (progress.held) return 'held';
  const known = progress.forwarding === 'pending' || progress.forwarding === 'settled';
  return progress.frozenNow || unfinished || !known ? 'pending' : undefined;
}
