import type { FoldData } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { LoggedEvent } from './logged-event.ts';

/** What the fold needs of one logged event. */
export interface FoldEvent extends FoldData {
  /** Its place in the log; string order is the order of folding. */
  key: string;
  type: string;
  /** ISO 8601, UTC, milliseconds. When it happened, or when it was received if it is `undated`. */
  at: string;
  /** It is dated in the future, so that nobody knows when it happened. */
  undated?: true;
}

/** Clocks of others may be ahead of ours by this much; what they date later than that has no known time. */
const clockSkewMs = 86_400_000;

/** Never throws: an event whose data cannot be read still counts and still has its place in time. */
export function toFoldEvent(event: LoggedEvent): FoldEvent {
  const latest = new Date(Date.parse(event.receivedAt) + clockSkewMs).toISOString();
  const undated = event.occurredAt > latest;
  return {
    key: event.logKey,
    type: event.eventType,
    at: undated ? event.receivedAt : event.occurredAt,
    ...(undated && { undated }),
    ...dataOf(event, latest),
  };
}

function dataOf(event: LoggedEvent, latest: string): FoldData {
  try {
    return dialectOf(event.incidentId).read(event, latest);
  } catch {
    // One event nobody foresaw must not keep every later one of its incident from going out.
    return { customFields: [] };
  }
}
