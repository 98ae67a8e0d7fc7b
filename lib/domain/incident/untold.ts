import type { ReplayedEvent } from '../pagerduty/history/replay.ts';
import { doublesIn } from './doubles.ts';
import type { LoggedEvent } from './logged-event.ts';
import { twinsApartMs, twinsIn } from './twins.ts';

type Known = Pick<LoggedEvent, 'eventId' | 'logKey' | 'eventType' | 'occurredAt' | 'subscriptionId'>;

/**
 * Wider than what makes twins: that PagerDuty dates its webhooks as it dates its log is an assumption, and were it
 * wrong, whatever had been told would be told once more. One event is still the twin of one other only.
 */
const apartMs = 60_000;
/** PagerDuty's log is dated to the second. */
const secondMs = 1_000;

/**
 * Of what PagerDuty's log tells, what nobody has told us: neither a webhook nor an import before. Where several of a
 * type lie so close that which of them a webhook told cannot be known, all of them: of a pair one is a twin again.
 */
export function untold(replayed: readonly ReplayedEvent[], log: readonly Known[]): ReplayedEvent[] {
  const known = new Set(log.map(({ eventId }) => eventId));
  const ids = new Set(replayed.map(({ id }) => id));
  const doubles = doublesIn(log, () => false);
  const twins = twinsIn(
    [
      ...replayed.map(({ id, type, atMs }) => ({
        logKey: id,
        eventType: type,
        occurredAt: new Date(atMs).toISOString(),
        imported: 'repair' as const,
      })),
      // An import that is not among them any more tells of what was concluded otherwise then.
      ...log
        .filter(({ eventId, logKey }) => !ids.has(eventId) && !doubles.has(logKey))
        .map(({ logKey, eventType, occurredAt }) => ({ logKey, eventType, occurredAt })),
    ],
    apartMs,
  );
  const missing = replayed.filter(({ id }) => !known.has(id) && !twins.has(id));
  const isBeside = ({ type, atMs }: ReplayedEvent) =>
    missing.some((each) => each.type === type && Math.abs(each.atMs - atMs) <= twinsApartMs + secondMs);
  return replayed.filter((each) => !known.has(each.id) && isBeside(each));
}
