import type { Draft } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import { earliest, millisBetween } from './times.ts';

/**
 * A reopening, seen or only told. PagerDuty gives up on a webhook after 48 hours, and a bridge may be installed in
 * the middle of an incident: then a snapshot's `reopened_at` is all that tells of it.
 */
export function noteReopening(next: Draft, event: FoldEvent): void {
  if (event.type === 'incident.reopened') reopenBy(next, event);
  else reopenAsTold(next, event);
}

function reopenAsTold(next: Draft, event: FoldEvent): void {
  const told = newlyTold(next, event);
  if (told === undefined) return;
  const { status, resolved_at } = next;
  if (status === 'resolved') {
    if (told <= before(resolved_at)) return;
    const isOpen = event.type === 'incident.resolved' || event.snapshot?.status !== 'resolved';
    if (!isOpen) {
      // Reopened and resolved again, unseen: nobody knows for how long.
      next.resolve_doubted = true;
      return;
    }
  } else if (told <= (next.active_seen_at ?? earliest(next) ?? told)) return;
  reopen(next, status === 'resolved' && resolved_at !== undefined && resolved_at > told ? resolved_at : told);
  next.reopened_told = told;
  next.reopening_inferred = true;
}

/** The snapshot's `reopened_at`, if it tells of a reopening that has not been taken into account. */
function newlyTold(next: Draft, { type, at, snapshot }: FoldEvent): string | undefined {
  const told = snapshot?.reopenedAt;
  if (told === undefined || told > at || type === 'incident.triggered') return undefined;
  return told > (next.reopened_told ?? next.reopened_at ?? '') ? told : undefined;
}

/** `reopened_at` has whole seconds and is about a second earlier than its event. */
const truncationMs = 2000;

const before = (time: string | undefined): string =>
  time === undefined ? '' : new Date(Date.parse(time) - truncationMs).toISOString();

function reopenBy(next: Draft, event: FoldEvent): void {
  const { at, snapshot } = event;
  const told = snapshot?.reopenedAt;
  if (next.status !== undefined && next.status !== 'resolved') {
    // Told once more by another subscription.
    if (at === next.active_since) return;
    if (next.reopening_inferred && told !== undefined && told === next.reopened_told) {
      // An event just before this one told of it already; now the reopening itself says when it was.
      next.active_since = at;
      next.reopening_inferred = event.undated;
      return;
    }
  }
  reopen(next, at);
  next.reopening_inferred = event.undated;
  // Snapshots to come may tell of it for the first time.
  next.reopened_told = told ?? at;
  if (told !== undefined && told > at) next.reopened_at = told;
}

function reopen(next: Draft, at: string): void {
  const { status } = next;
  if (status !== undefined && status !== 'resolved') {
    // A period whose resolve was missed counts as far as it was seen; before the first event nothing was seen.
    next.active_ms += millisBetween(next.active_since ?? earliest(next), next.active_seen_at ?? at);
  }
  const unseen = status !== 'resolved' || next.resolve_inferred || next.resolve_doubted;
  if (unseen) next.active_inferred = 'unknown';
  else if (next.reopening_inferred) next.active_inferred ??= 'near';
  next.status = 'triggered';
  next.active_since = at;
  next.active_seen_at = at;
  next.reopened_at = at;
  next.reopen_count += 1;
  next.resolved_at = undefined;
  next.resolve_inferred = undefined;
  next.resolve_doubted = undefined;
  next.reopening_inferred = undefined;
  next.merged_into = undefined;
}
