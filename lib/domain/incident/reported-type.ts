import { countOf, type IncidentState } from './state.ts';

/**
 * What a report is to its incident when it goes out; undefined for a webhook, which says so itself. The row of a
 * report only knows whether it has an end: the first without is the incident's beginning, one that brings an end or
 * another end is its end, and all else corrects or adds something.
 */
export function reportedType(
  eventType: string,
  state: Pick<IncidentState, 'reported' | 'counts'>,
  ends: boolean,
): string | undefined {
  if (state.reported === undefined) return undefined;
  if (eventType === 'incident.triggered' && countOf(state, eventType) > 1) return 'incident.updated';
  return eventType === 'incident.resolved' && !ends ? 'incident.updated' : undefined;
}
