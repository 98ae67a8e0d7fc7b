import fc from 'fast-check';
import { nextAttempt } from '../../../lib/domain/retry/retry.ts';

const second = 1000;
const hour = 3_600_000;
const now = Date.parse('2026-03-02T10:00:00.000Z');
const week = 168 * hour;
const failed = { attempts: 1, firstAttemptAtMs: now, nowMs: now, horizonMs: week, random: 0 };

describe('the next attempt', () => {
  it.each<[number, number]>([
    [1, 30 * second],
    [2, 60 * second],
    [3, 120 * second],
    [4, 240 * second],
    [7, 1920 * second],
    [8, hour],
    [9, hour],
    [1000, hour],
  ])('after %i attempts is drawn from up to %i ms', (attempts, ceiling) => {
    expect(nextAttempt({ ...failed, attempts, random: 0.999999999 })).toEqual({ at: now + ceiling });
    expect(nextAttempt({ ...failed, attempts, random: 0.5 })).toEqual({ at: now + ceiling / 2 });
  });

  it('leaves the receiver a second of air even when the jitter draws nothing', () => {
    expect(nextAttempt(failed)).toEqual({ at: now + second });
  });

  it.each<[string, number, number]>([
    ['more than the jitter: it is what counts', 600 * second, 600 * second],
    ['less than the jitter: the jitter counts', 5 * second, 15 * second],
    ['beyond all patience: a day', 48 * hour, 24 * hour],
    ['in the past: as if nothing was asked', -5 * second, 15 * second],
  ])('when the receiver asks for %s', (_, retryAfterMs, delay) => {
    expect(nextAttempt({ ...failed, random: 0.5, retryAfterMs })).toEqual({ at: now + delay });
  });

  it('is made at the end of the horizon at the latest', () => {
    const nearTheEnd = { ...failed, attempts: 20, firstAttemptAtMs: now - week + 60 * second, random: 0.9 };
    expect(nextAttempt(nearTheEnd)).toEqual({ at: now + 60 * second });
  });

  it('is made once more at the end of the horizon when the receiver asks for more patience than is left', () => {
    const asked = { ...failed, firstAttemptAtMs: now - week + hour, retryAfterMs: 2 * hour };
    expect(nextAttempt(asked)).toEqual({ at: now + hour });
  });

  it.each<[string, object, string]>([
    [
      'the horizon is over',
      { attempts: 31, firstAttemptAtMs: now - week },
      'retry horizon of 168 h is over after 31 attempts',
    ],
    [
      'a short horizon is over',
      { firstAttemptAtMs: now - hour, horizonMs: 0.5 * hour },
      'retry horizon of 0.5 h is over',
    ],
  ])('is never when %s', (_, circumstances, reason) => {
    expect(nextAttempt({ ...failed, ...circumstances })).toEqual({ dead: expect.stringContaining(reason) });
  });

  it('is always later than now, never after the horizon, and never before what the receiver asked for', () => {
    const anyFailure = fc.record({
      attempts: fc.integer({ min: 1, max: 5000 }),
      age: fc.integer({ min: 0, max: 2 * week }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 100 * hour }), { nil: undefined }),
      horizonMs: fc.integer({ min: 1, max: 2 * week }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(anyFailure, ({ age, ...rest }) => {
        const next = nextAttempt({ ...rest, firstAttemptAtMs: now - age, nowMs: now });
        if ('dead' in next) return age >= rest.horizonMs;
        const endsAt = now - age + rest.horizonMs;
        const honoured = next.at - now >= Math.min(rest.retryAfterMs ?? 0, 24 * hour);
        return next.at > now && next.at <= endsAt && (honoured || next.at === endsAt);
      }),
    );
  });
});
