import { iso } from '../../store/database/due.ts';
import { type DueEvent, deferEvent, lastEventKey, markEventDue } from '../../store/events/events.ts';
import type { DeploymentDeps } from './deps.ts';
import type { LeadTimeWish } from './lead-time-wish.ts';

/** Longer than a sweep lasts: until then nobody else takes it up. */
const whileAskingMs = 600_000;

/**
 * Keeps one due mark of a deployment for the question that is open: the answer may take long, and nothing else waits
 * for it. Only a sweep asks (`wishes`), so that no batch of the stream waits for a git host; whoever else works on the
 * deployment leaves the mark to the next sweep. The events that are left to be settled.
 */
export async function keepMark(
  { store, clock, wishes }: Pick<DeploymentDeps, 'store' | 'clock' | 'wishes'>,
  subject: string,
  wish: LeadTimeWish,
  settled: readonly DueEvent[],
): Promise<DueEvent[]> {
  const untilMs = clock.now() + (wishes ? whileAskingMs : 1);
  const [kept, ...others] = settled;
  const due = kept
    ? await deferEvent(store, kept, untilMs).then(() => ({ ...kept, dueAt: iso(untilMs) }))
    : await lastEventKey(store, subject).then((last) => last && markEventDue(store, last, untilMs));
  if (due) wishes?.push({ ...wish, due });
  return others;
}
