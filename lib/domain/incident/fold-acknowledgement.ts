import type { IncidentStatus } from '../pagerduty/incident-snapshot.ts';
import type { Draft } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import type { Inference } from './state.ts';
import { earliest, millisBetween } from './times.ts';

/**
 * The first acknowledgement. One that was missed shows when a later event says `acknowledged`, or that it is no
 * longer so: then it happened at that event at the latest, and no later acknowledgement is the first one.
 *
 *   created        resolved       reopened  ack
 *      |──────────────|               |──────|
 *      '─── active ───'  not counted  '──────'    time to acknowledge = both active parts
 */
export function acknowledge(next: Draft, event: FoldEvent, status: IncidentStatus | undefined): void {
  if (next.acknowledged_at !== undefined) return;
  const seen = event.type === 'incident.acknowledged';
  const proved =
    event.type === 'incident.unacknowledged' ||
    (status === 'acknowledged' && event.type !== 'incident.reopened');
  if (!seen && !proved) return;
  next.acknowledged_at = event.at;
  if (!seen || event.undated) next.acknowledge_inferred = true;
  next.response_inferred = inference(next, event);
  const quiet = millisBetween(earliest(next), event.at) - activeUntil(next, event.at);
  if (quiet > 0) next.resolved_ms_before_acknowledge = quiet;
}

/** Longer after the resolve than clocks differ: it must have been open again. */
const lateMs = 1000;

function inference(next: Draft, { at }: FoldEvent): Inference | undefined {
  if (next.status === 'resolved' && (next.resolve_inferred || millisBetween(next.resolved_at, at) > lateMs)) {
    return 'unknown';
  }
  return next.active_inferred ?? (next.reopening_inferred ? 'near' : undefined);
}

function activeUntil(next: Draft, at: string): number {
  const late = millisBetween(next.resolved_at, at);
  // An acknowledgement just after the resolve counts to its own time, as if the two had kept their order.
  if (next.status === 'resolved') return next.active_ms + (late > lateMs ? 0 : late);
  return next.active_ms + millisBetween(next.active_since ?? earliest(next), at);
}
