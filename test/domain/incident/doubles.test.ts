import fc from 'fast-check';
import { contentOf, doublesIn, mayDouble, type Subscribed } from '../../../lib/domain/incident/doubles.ts';
import type { LoggedEvent } from '../../../lib/domain/incident/logged-event.ts';

const noon = '2026-03-02T12:00:00.000Z';

/** `PSUB001 ack` told under an id, at noon unless said otherwise. */
const told = (
  subscriptionId: string | undefined,
  id: string,
  more: Partial<Subscribed> = {},
): Subscribed => ({
  logKey: `${more.occurredAt ?? noon}#1#${id}`,
  eventType: 'incident.annotated',
  occurredAt: noon,
  content: 'a note',
  ...(subscriptionId !== undefined && { subscriptionId }),
  ...more,
});

const ids = (log: readonly Subscribed[], frozen: readonly string[] = []) => {
  const idOf = (key: string) => key.split('#').at(-1) ?? '';
  return Object.fromEntries(
    [...doublesIn(log, (key) => frozen.includes(idOf(key)))].map(([one, other]) => [idOf(one), idOf(other)]),
  );
};

describe('webhooks of two subscriptions under ids of their own', () => {
  it.each<[string, Subscribed[], string[], Record<string, string>]>([
    ['the same is one, and the first counts', [told('S1', 'a'), told('S2', 'b')], [], { b: 'a' }],
    ['the one that is frozen counts', [told('S1', 'a'), told('S2', 'b')], ['b'], { a: 'b' }],
    ['two that went out both count', [told('S1', 'a'), told('S2', 'b')], ['a', 'b'], {}],
    [
      'of three subscriptions one counts',
      [told('S1', 'a'), told('S2', 'b'), told('S3', 'c')],
      [],
      { b: 'a', c: 'a' },
    ],
    ['what one subscription tells twice happened twice', [told('S1', 'a'), told('S1', 'b')], [], {}],
    [
      'twice by one and once by the other is twice',
      [told('S1', 'a'), told('S1', 'b'), told('S2', 'c')],
      [],
      { c: 'a' },
    ],
    [
      'twice by both is twice',
      [told('S1', 'a'), told('S1', 'b'), told('S2', 'c'), told('S2', 'd')],
      [],
      { c: 'a', d: 'b' },
    ],
    ['another content is another event', [told('S1', 'a'), told('S2', 'b', { content: 'else' })], [], {}],
    [
      'another millisecond is another event',
      [told('S1', 'a'), told('S2', 'b', { occurredAt: '2026-03-02T12:00:00.001Z' })],
      [],
      {},
    ],
    [
      'another type is another event',
      [told('S1', 'a'), told('S2', 'b', { eventType: 'incident.resolved' })],
      [],
      {},
    ],
    ['without a subscription nobody can know', [told('S1', 'a'), told(undefined, 'b')], [], {}],
    ['an import is no webhook', [told('S1', 'a'), told('S2', 'b', { imported: 'repair' })], [], {}],
  ])('%s', (_what, log, frozen, doubles) => {
    expect(ids(log, frozen)).toEqual(doubles);
    expect(ids(log.toReversed(), frozen)).toEqual(doubles);
  });

  it('count as often as the one of them that told most, whatever was told, and never less than what is frozen', () => {
    const one = fc.record({
      subscription: fc.constantFrom('S1', 'S2', 'S3'),
      type: fc.constantFrom('incident.annotated', 'incident.resolved'),
      at: fc.constantFrom(noon, '2026-03-02T12:00:00.001Z'),
      frozen: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (list) => {
        const log = list.map(({ subscription, type, at }, nth) =>
          told(subscription, String(nth), { eventType: type, occurredAt: at }),
        );
        const frozen = new Set(log.filter((_, nth) => list[nth]?.frozen).map(({ logKey }) => logKey));
        const doubles = doublesIn(log, (key) => frozen.has(key));
        for (const type of ['incident.annotated', 'incident.resolved']) {
          const alike = log.filter(({ eventType, occurredAt }) => eventType === type && occurredAt === noon);
          const most = Math.max(
            ...['S1', 'S2', 'S3'].map(
              (id) => alike.filter(({ subscriptionId }) => subscriptionId === id).length,
            ),
          );
          const counted = alike.filter(({ logKey }) => !doubles.has(logKey)).length;
          const isFrozen = alike.filter(({ logKey }) => frozen.has(logKey)).length;
          expect(counted).toBeGreaterThanOrEqual(Math.max(most, isFrozen));
          if (isFrozen === 0) expect(counted).toBe(most);
        }
        for (const [double, other] of doubles)
          expect([frozen.has(double), doubles.has(other)]).toEqual([false, false]);
      }),
    );
  });
});

describe('what a webhook says', () => {
  const event = (id: string, more: Partial<LoggedEvent> = {}): LoggedEvent => ({
    incidentId: 'Q1',
    logKey: id,
    eventId: id,
    eventType: 'incident.annotated',
    occurredAt: noon,
    receivedAt: noon,
    subscriptionId: 'S1',
    body: JSON.stringify({ event: { id, data: { content: 'Looking into it' } } }),
    ...more,
  });

  it('is the same under another id, and another with other data', () => {
    expect(contentOf(event('01A'))).toBe(contentOf(event('01B', { subscriptionId: 'S2' })));
    expect(contentOf(event('01A'))).not.toBe(contentOf(event('01A', { body: '{"event":{"id":"01A"}}' })));
  });

  it('is not asked of what has no subscription, nor of an import', () => {
    const { subscriptionId: _, ...bare } = event('01A');
    expect(contentOf(bare)).toBeUndefined();
    expect(contentOf(event('01A', { imported: 'history' }))).toBeUndefined();
  });
});

describe('what comes after the last event that was folded', () => {
  const through = `${noon}#1#m`;
  const later = { occurredAt: '2026-03-02T12:00:05.000Z' };
  it.each<[string, Subscribed[], boolean]>([
    ['is told of the same moment: it may be its double', [told('S2', 'n')], true],
    ['came later: it is none', [told('S2', 'n', later)], false],
    ['may be a double of each other', [told('S1', 'n', later), told('S2', 'o', later)], true],
    ['has no subscription: it is none', [told(undefined, 'n')], false],
    ['is nothing', [], false],
  ])('%s', (_what, log, may) => {
    expect(mayDouble(log, through)).toBe(may);
  });
});
