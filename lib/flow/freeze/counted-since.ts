import type { Store } from '../../store/database/dynamo.ts';
import { incidentDeliveries } from '../../store/deliveries/deliveries.ts';
import { releaseAll } from '../deliver/release-left-out.ts';
import type { ProcessDeps } from './deps.ts';
import type { Progress } from './progress.ts';

/** A row that was lost takes with it for whom the incident counts by hand: what was sent still tells. */
export async function recallCounted(store: Store, incidentId: string, progress: Progress): Promise<void> {
  if (progress.leftOut.length === 0) return;
  const rows = await incidentDeliveries(store, incidentId);
  const sent = rows.filter(({ leftOut, redriven, status }) => !leftOut && (redriven || status !== 'skipped'));
  const names = sent.map(({ destination }) => destination).filter((name) => progress.leftOut.includes(name));
  progress.countedFor = [...new Set([...progress.countedFor, ...names])];
}

/** Owes what was left out before anybody noted that the incident counts for the destination. */
export async function releaseForCounted(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
): Promise<void> {
  for (const destination of progress.leftOut.filter((name) => progress.countedFor.includes(name))) {
    await releaseAll(deps, { incidentId, destination, sequence: progress.lastSequence });
    progress.leftOut = progress.leftOut.filter((name) => name !== destination);
    // The incident owes something once more.
    progress.frozenNow = true;
  }
}
