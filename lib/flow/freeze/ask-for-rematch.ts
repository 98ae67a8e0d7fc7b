import type { Store } from '../../store/database/dynamo.ts';
import { lastEventKey, markEventDue } from '../../store/events/events.ts';
import { requestRematch } from '../../store/incidents/incidents.ts';

/** Longer than asking takes. */
const afterwardsMs = 120_000;

/**
 * Has the incident's current stay matched again, by the next sweep; what is frozen stays as it is. False if there
 * is no such incident, its events have expired or none of them has named its service. The event is marked before too,
 * so that `sweep` carries out a request whose maker is killed within two minutes; otherwise it must be asked for again.
 */
export async function askForRematch(
  store: Store,
  incidentId: string,
  nowMs: number,
  resend = false,
): Promise<boolean> {
  const last = await lastEventKey(store, incidentId);
  if (!last) return false;
  await markEventDue(store, last, nowMs + afterwardsMs);
  if (!(await requestRematch(store, incidentId, resend))) return false;
  await markEventDue(store, last, nowMs);
  return true;
}
