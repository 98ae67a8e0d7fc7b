import { createHash } from 'node:crypto';
import type { LoggedEvent } from './logged-event.ts';

export type Subscribed = Pick<
  LoggedEvent,
  'logKey' | 'eventType' | 'occurredAt' | 'imported' | 'subscriptionId'
> & {
  /** See `contentOf`; where it is not known, type and time must do. */
  content?: string | undefined;
};

/** What a webhook says, whatever id its event has; in short. Absent where nobody can know whether it has doubles. */
export function contentOf({ body, eventId, imported, subscriptionId }: LoggedEvent): string | undefined {
  if (imported !== undefined || subscriptionId === undefined) return undefined;
  return createHash('sha256')
    .update(body.replace(JSON.stringify(eventId), ''))
    .digest('base64');
}

/**
 * Which webhooks tell of what another subscription has told of as well, under an id of its own: log key of the double
 * to that of the one that counts, which is frozen, or else the first of them. They have type, millisecond and content
 * in common. What one subscription tells twice happened twice: its first is the double of another's first. Two that are
 * frozen both count, as they did when they went out.
 *
 *   PSUB001   ack 10:00:05.700   note 10:02:10.050
 *   PSUB002   ack 10:00:05.700   note 10:02:10.050   note 10:02:10.050
 *             └ doubles          └ doubles           └ counts
 */
export function doublesIn(
  log: readonly Subscribed[],
  isFrozen: (logKey: string) => boolean,
): Map<string, string> {
  const doubles = new Map<string, string>();
  for (const lanes of lanesOf(log)) {
    const most = Math.max(...lanes.map(({ length }) => length));
    for (let nth = 0; nth < most; nth += 1) {
      const same = lanes.flatMap((lane) => lane[nth] ?? []).sort();
      const counts = same.find(isFrozen) ?? same[0];
      for (const key of same)
        if (counts !== undefined && key !== counts && !isFrozen(key)) doubles.set(key, counts);
    }
  }
  return doubles;
}

/** Log keys of webhooks that say the same, a list for each subscription; only where there are several. */
function lanesOf(log: readonly Subscribed[]): string[][][] {
  const alike = new Map<string, Map<string, string[]>>();
  for (const { logKey, eventType, occurredAt, imported, subscriptionId, content = '' } of log) {
    if (imported !== undefined || subscriptionId === undefined) continue;
    const what = `${eventType} ${occurredAt} ${content}`;
    const lanes = alike.get(what) ?? new Map<string, string[]>();
    alike.set(what, lanes);
    lanes.set(subscriptionId, [...(lanes.get(subscriptionId) ?? []), logKey]);
  }
  return [...alike.values()]
    .filter(({ size }) => size > 1)
    .map((lanes) => [...lanes.values()].map((keys) => keys.sort()));
}

/** Whether one of these may be the double of another, or of what came just before them in the log. */
export function mayDouble(log: readonly Subscribed[], foldedThrough: string): boolean {
  let before = foldedThrough;
  for (const { logKey, occurredAt, subscriptionId } of log) {
    if (subscriptionId !== undefined && before.startsWith(occurredAt)) return true;
    before = logKey;
  }
  return false;
}
