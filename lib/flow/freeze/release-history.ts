import { contentFor } from '../../adapters/destinations/content-for.ts';
import { choose } from '../../domain/incident-filter/choose.ts';
import { countedFacts } from '../../domain/incident-filter/counted-facts.ts';
import { expiry } from '../../store/database/due.ts';
import { putLeftOut } from '../../store/deliveries/left-out.ts';
import { backfillDelivery } from '../../store/deliveries/new-deliveries.ts';
import { incidentEventOf, noteOwed, readOutgoing } from '../../store/outgoing/outgoing.ts';
import { releaseAll } from '../deliver/release-left-out.ts';
import type { ProcessDeps } from './deps.ts';
import { hearersOf, wishesOf } from './hearers.ts';
import { noteFrozen, type Progress, standingOf } from './progress.ts';

/**
 * A webhook has come whose occurrence is frozen as history: that event is what it would have been, under its id and
 * with its bytes, and now it is owed like any other. Each row is due by itself, so nothing is lost with this worker.
 */
export async function releaseHistory(
  deps: ProcessDeps,
  progress: Progress,
  incidentId: string,
  sequence: number,
): Promise<void> {
  const { store, clock, config } = deps;
  const outgoing = await readOutgoing(store, incidentId, sequence);
  if (!outgoing || incidentEventOf(outgoing).imported !== true) return;
  const told = new Set(outgoing.destinations);
  const names = hearersOf(deps, {}).filter((name) => !told.has(name));
  if (names.length === 0) return;
  const facts = countedFacts(incidentEventOf(outgoing), outgoing.beside);
  const { leftOut, begins } = choose(wishesOf(deps, names), facts, standingOf(progress));
  for (const destination of names) {
    const key = { incidentId, destination, sequence };
    const content = contentFor(config, destination);
    const event = { eventId: outgoing.eventId, eventType: outgoing.event.type, content };
    const expiresAt = expiry(clock.now(), config.retention_days);
    if (leftOut.includes(destination)) await putLeftOut(store, key, event, { reason: 'filtered', expiresAt });
    else {
      if (begins.includes(destination)) await releaseAll(deps, key);
      await backfillDelivery(store, key, event, clock.now());
    }
  }
  await noteOwed(store, outgoing, names, leftOut);
  noteFrozen(progress, { ...outgoing, destinations: names, leftOut });
}
