import type { IncidentStatus } from '../pagerduty/incident-snapshot.ts';
import type { Draft } from './draft.ts';
import { acknowledge } from './fold-acknowledgement.ts';
import type { FoldEvent } from './fold-event.ts';
import { noteReopening } from './fold-reopening.ts';
import { earliest, millisBetween } from './times.ts';

/**
 * Status and times.
 *
 *   created   ack        resolved            reopened        resolved
 *      |───────|────────────|                    |───────────────|
 *      '── active period 1 ─'   not an outage    '─── period 2 ──'
 *      '─ to ─'
 *     acknowledge           time to restore = period 1 + period 2; finished_at = the last resolve
 *
 * Only a reopening opens a resolved incident again: notes, priority changes and late acknowledgements do not, but
 * they betray that one was missed. What was not seen is marked where it is concluded; see inferred.ts.
 */
export function foldLifecycle(next: Draft, event: FoldEvent): void {
  const status = statusSaid(event);
  if (event.type === 'incident.triggered' && !event.undated) next.triggered_at ??= event.at;
  noteReopening(next, event);
  acknowledge(next, event, status);
  if (status === undefined) return;
  if (status === 'resolved') resolve(next, event);
  else if (next.status !== 'resolved') {
    next.status = status;
    next.active_seen_at = event.at;
  } else if (isAfter(next, event)) next.resolve_doubted = true;
}

/** These types say the status themselves; for all others, unknown ones included, the snapshot does. */
const statusByType: Record<string, IncidentStatus> = {
  'incident.triggered': 'triggered',
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'triggered',
  'incident.resolved': 'resolved',
};

function statusSaid({ type, snapshot }: FoldEvent): IncidentStatus | undefined {
  if (type === 'incident.reopened') return snapshot?.status === 'acknowledged' ? 'acknowledged' : 'triggered';
  return Object.hasOwn(statusByType, type) ? statusByType[type] : snapshot?.status;
}

/** Within a second the order of events says nothing: they are dated by several clocks. */
const orderMs = 1000;
/** A snapshot may know of a resolve before the resolve itself is told. */
const foretoldMs = 60_000;

const isAfter = (next: Draft, { at }: FoldEvent): boolean => millisBetween(next.resolved_at, at) > orderMs;

function resolve(next: Draft, event: FoldEvent): void {
  const seen = event.type === 'incident.resolved' && !event.undated;
  if (next.status !== 'resolved') {
    next.active_ms += millisBetween(next.active_since ?? earliest(next), event.at);
    next.status = 'resolved';
    next.resolved_at = event.at;
    next.resolve_inferred = seen ? undefined : true;
  } else if (seen && (next.resolve_inferred || next.resolve_doubted)) {
    const later = millisBetween(next.resolved_at, event.at);
    if (next.resolve_doubted || later > foretoldMs) next.active_inferred = 'unknown';
    next.active_ms += later;
    next.resolved_at = event.at;
    next.resolve_inferred = undefined;
    next.resolve_doubted = undefined;
  } else if (event.type === 'incident.resolved' && isAfter(next, event)) {
    next.resolve_doubted = true;
  }
  next.merged_into = event.snapshot?.mergedInto ?? next.merged_into;
}
