import type { IncidentState } from './state.ts';

/**
 * The state as of a thin event that came before any event named a service. It waits for one, and goes out with
 * what does not depend on the moment taken from the first state that has it: which incident, which service,
 * when it began. Status, urgency, priority and counts stay as of the event.
 */
export function borrowIdentity(asOfEvent: IncidentState, first: IncidentState): IncidentState {
  // A report tells all of it itself, and what it tells may be corrected.
  if (asOfEvent.service !== undefined || asOfEvent.reported !== undefined) return asOfEvent;
  const { number, title, url, created_at, service, teams, visit } = first;
  return {
    ...asOfEvent,
    ...(number !== undefined && { number }),
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
    ...(created_at !== undefined && { created_at }),
    ...(service !== undefined && { service }),
    teams,
    visit,
  };
}
