import type { Store } from '../store/dynamo.ts';
import { lastEventKey, markEventDue } from '../store/events.ts';
import { requestRematch } from '../store/incidents.ts';

/**
 * Has the incident's current stay matched again, by the next sweep; what is frozen stays as it is. False if there
 * is no such incident or its events have expired. Cut short in the middle, it must be asked for again.
 */
export async function askForRematch(store: Store, incidentId: string, nowMs: number): Promise<boolean> {
  const last = await lastEventKey(store, incidentId);
  if (!last || !(await requestRematch(store, incidentId))) return false;
  await markEventDue(store, last, nowMs);
  return true;
}
