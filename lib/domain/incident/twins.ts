import type { LoggedEvent } from './logged-event.ts';

type Told = Pick<LoggedEvent, 'logKey' | 'eventType' | 'occurredAt' | 'imported'>;

/**
 * An occurrence that both a webhook and PagerDuty's REST API tell of is dated to the millisecond by the one and cut to
 * the second by the other; clocks within PagerDuty may differ besides.
 */
export const twinsApartMs = 2_000;

/**
 * Which imported events of an incident's log are the same occurrence as a webhook's: log key of the import to that of
 * the webhook. Of one type, one to one, those of one second and then the nearest first. The webhook knows more, so it is the one that counts.
 *
 *   webhooks   ack 10:00:05.700              resolve 10:31:07.290
 *   imports    ack 10:00:05.000   note 10:02:10   resolve 10:31:07.000
 *              └ twins            └ alone         └ twins
 */
export function twinsIn(log: readonly Told[], mostApartMs = twinsApartMs): Map<string, string> {
  const twins = new Map<string, string>();
  const imports = log.filter(({ imported }) => imported !== undefined);
  if (imports.length === 0) return twins;
  const webhooks = byType(log);
  const pairs = imports.flatMap((one) =>
    (webhooks.get(one.eventType) ?? [])
      .map((other) => ({ one, other, apart: apart(one, other) }))
      .filter(({ apart }) => apart <= mostApartMs),
  );
  const taken = new Set<string>();
  for (const { one, other } of pairs.sort(nearestFirst)) {
    if (twins.has(one.logKey) || taken.has(other.logKey)) continue;
    twins.set(one.logKey, other.logKey);
    taken.add(other.logKey);
  }
  return twins;
}

function byType(log: readonly Told[]): Map<string, Told[]> {
  const webhooks = new Map<string, Told[]>();
  for (const event of log) {
    if (event.imported !== undefined) continue;
    const known = webhooks.get(event.eventType);
    if (known === undefined) webhooks.set(event.eventType, [event]);
    else known.push(event);
  }
  return webhooks;
}

interface Pair {
  one: Told;
  other: Told;
  apart: number;
}

/** Nothing where the import is the webhook cut to its second: occurrences a second apart must not be crossed over. */
function apart(one: Told, other: Told): number {
  const cut = Math.floor(msOf(other) / 1000) * 1000;
  return cut === msOf(one) ? 0 : Math.abs(msOf(one) - msOf(other));
}

/** The order of arrival must not show. */
const nearestFirst = (a: Pair, b: Pair): number =>
  a.apart - b.apart || compare(a.one.logKey, b.one.logKey) || compare(a.other.logKey, b.other.logKey);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const msOf = ({ occurredAt }: Told): number => Date.parse(occurredAt);
