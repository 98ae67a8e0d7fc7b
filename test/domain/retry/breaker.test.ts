import fc from 'fast-check';
import { breakerVerdict, opensBreaker, pickProbe, probePauseMs } from '../../../lib/domain/retry/breaker.ts';

const second = 1000;
const minute = 60 * second;
const now = Date.parse('2026-03-02T10:00:00.000Z');

describe('the breaker of a destination', () => {
  it.each([
    ['closed', undefined],
    ['open', now + 1],
    ['open', now + 10 * minute],
    // The clock has gone back: there is no such pause.
    ['probe_due', now + 12 * minute],
    ['probe_due', now + 3 * 60 * minute],
    ['probe_due', now],
    ['probe_due', now - minute],
  ])('is %s when the next probe is at %s', (verdict, nextProbeAtMs) => {
    const state = { consecutiveFailures: 3, probes: 0, ...(nextProbeAtMs ? { nextProbeAtMs } : {}) };
    expect(breakerVerdict(state, now)).toBe(verdict);
  });

  it.each([
    ['the first failure', 1, false, false],
    ['the second in a row', 2, false, false],
    ['the third in a row', 3, false, true],
    ['any further one', 30, false, true],
    ['a timeout, which costs everyone time', 1, true, true],
  ])('at %s', (_, consecutiveFailures, timedOut, opens) => {
    expect(opensBreaker({ consecutiveFailures, timedOut })).toBe(opens);
  });

  it.each([
    [0, 0, 30 * second],
    [0, 0.999, 30 * second],
    [1, 0, 30 * second],
    [1, 0.5, 45 * second],
    [2, 0, minute],
    [3, 0, 2 * minute],
    [4, 0, 2.5 * minute],
    [4, 0.5, 3.75 * minute],
    [1000, 0.5, 3.75 * minute],
  ])('after %i probes and a draw of %d pauses %d ms', (probes, random, pause) => {
    expect(probePauseMs({ probes, random })).toBe(pause);
  });

  it.each([
    [2 * minute, 2 * minute],
    [5 * second, 30 * second],
    [24 * 60 * minute, 10 * minute],
  ])('asked to wait %d ms it pauses %d ms', (retryAfterMs, pause) => {
    expect(probePauseMs({ probes: 0, random: 0.5, retryAfterMs })).toBe(pause);
  });

  it('never hammers and never forgets: pauses are between 30 s and 5 min', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (probes, random) => {
          const pause = probePauseMs({ probes, random });
          return pause >= 30 * second && pause <= 5 * minute;
        },
      ),
    );
  });

  it.each<[string[], string, string | undefined]>([
    [['poison', 'fine'], 'poison', 'fine'],
    [['fine', 'poison'], 'poison', 'fine'],
    [['poison'], 'poison', 'poison'],
    [[], 'poison', undefined],
  ])('of %j, where %j failed last, probes with %j', (due, last, probe) => {
    expect(pickProbe(due, (delivery) => delivery === last)).toBe(probe);
  });
});
