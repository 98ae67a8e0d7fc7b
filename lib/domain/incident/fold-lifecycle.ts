import type { IncidentStatus } from '../pagerduty/incident-snapshot.ts';
import type { Draft } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import { millisBetween, startedAt } from './times.ts';

/**
 * Status and times.
 *
 *   created   ack        resolved            reopened        resolved
 *      |───────|────────────|                    |───────────────|
 *      '── active period 1 ─'   not an outage    '─── period 2 ──'
 *      '─ to ─'
 *     acknowledge           time to restore = period 1 + period 2; finished_at = the last resolve
 *
 * Only a reopening opens a resolved incident again: notes, priority changes and late acknowledgements do not.
 */
export function foldLifecycle(next: Draft, event: FoldEvent): void {
  const status = statusSaid(event);
  if (event.type === 'incident.acknowledged') next.acknowledged_at ??= event.at;
  if (event.type === 'incident.reopened') reopenBy(next, event);
  else if (missedReopening(next, event)) reopen(next, event.snapshot?.reopenedAt ?? event.at);
  if (status === undefined) return;
  if (status === 'resolved') resolve(next, event);
  else if (next.status !== 'resolved') {
    next.status = status;
    next.active_seen_at = event.at;
  }
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

function resolve(next: Draft, event: FoldEvent): void {
  const seen = event.type === 'incident.resolved';
  if (next.status !== 'resolved') {
    closePeriod(next, event.at);
    next.status = 'resolved';
    next.resolved_at = event.at;
    next.resolve_inferred = seen ? undefined : true;
  } else if (seen && next.resolve_inferred) {
    next.active_ms += millisBetween(next.resolved_at, event.at);
    next.resolved_at = event.at;
    next.resolve_inferred = undefined;
  }
  next.merged_into = event.snapshot?.mergedInto ?? next.merged_into;
}

function reopenBy(next: Draft, { at, snapshot }: FoldEvent): void {
  const told = snapshot?.reopenedAt;
  const open = next.status !== undefined && next.status !== 'resolved';
  // An event just before this one may have told of it already; see missedReopening.
  if (open && told !== undefined && next.reopened_at !== undefined && told <= next.reopened_at) return;
  reopen(next, at);
  if (told !== undefined && told > at) next.reopened_at = told;
}

/**
 * PagerDuty gives up on a webhook after 48 hours, and a bridge may be installed in the middle of an incident:
 * then a snapshot's `reopened_at` is all that tells of a reopening. Taken up only if it lies after everything
 * seen so far, so the reopening that was seen is not counted twice (it is about a second before its event).
 */
function missedReopening(next: Draft, { type, at, snapshot }: FoldEvent): boolean {
  const told = snapshot?.reopenedAt;
  if (told === undefined || told > at || type === 'incident.triggered') return false;
  if (next.status === 'resolved') {
    const isOpen = type === 'incident.resolved' || snapshot?.status !== 'resolved';
    return isOpen && told > (next.resolved_at ?? told);
  }
  const seen = next.active_seen_at ?? startedAt(next) ?? told;
  return told > seen && told > (next.reopened_at ?? '');
}

function reopen(next: Draft, at: string): void {
  // A period whose resolve was missed counts as far as it was seen; before the first event nothing was seen.
  if (next.status !== undefined && next.status !== 'resolved') closePeriod(next, next.active_seen_at ?? at);
  next.status = 'triggered';
  next.active_since = at;
  next.active_seen_at = at;
  next.reopened_at = at;
  next.reopen_count += 1;
  next.resolved_at = undefined;
  next.resolve_inferred = undefined;
  next.merged_into = undefined;
}

function closePeriod(next: Draft, at: string): void {
  next.active_ms += millisBetween(next.active_since ?? startedAt(next), at);
}
