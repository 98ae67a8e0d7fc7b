import { stayOf } from '../../domain/incident/state.ts';
import { iso } from '../../store/database/due.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { readOutgoing } from '../../store/outgoing/outgoing.ts';
import type { ProcessDeps } from './deps.ts';
import { freezeEvent } from './freeze-events.ts';
import type { Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';

/**
 * Shows the incident, as it is and with the match it has now, to the destinations that hold a picture of it: a frozen
 * event of its own, after the last one, that no webhook has brought. Those who are told events keep what they were
 * told. A worker that dies halfway may make two, of which the second changes nothing.
 */
export async function correctAttribution(
  deps: ProcessDeps,
  progress: Progress,
  pass: Pass,
  claim: Claim,
): Promise<void> {
  const stay = stayOf(pass.current)?.key;
  const match = progress.matches.find((known) => known.stay === stay);
  const last = await readOutgoing(deps.store, pass.current.incident_id, progress.lastSequence);
  const holders = deps.destinations
    .filter(({ name, latestOnly }) => latestOnly && progress.destinations.includes(name))
    .map(({ name }) => name)
    .filter((name) => !progress.leftOut.includes(name));
  if (stay === undefined || !match || !last || last.skipped || holders.length === 0) return;
  const suffix = `.r${progress.lastSequence + 1}`;
  const event = {
    incidentId: last.incidentId,
    eventId: `${last.eventId}${suffix}`,
    logKey: `${last.logKey}${suffix}`,
    eventType: last.event.type,
    occurredAt: last.event.occurred_at,
    receivedAt: iso(deps.clock.now()),
    body: '',
  };
  const what = { event, state: pass.current, late: false, stay, match, correctsAt: holders };
  await freezeEvent(deps, progress, what, claim);
}
