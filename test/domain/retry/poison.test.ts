import { poisonReason, strikesAfterServerFault } from '../../../lib/domain/retry/poison.ts';

describe('a payload that its receiver chokes on', () => {
  it.each<[string, number | undefined, number | undefined, number]>([
    ['others were accepted since it was tried before', 1000, 2000, 4],
    ['nothing was accepted since', 2000, 1000, 3],
    ['nothing was ever accepted', 1000, undefined, 3],
    ['it is the first attempt', undefined, 2000, 3],
  ])('when %s', (_, previousAttemptAtMs, lastAcceptedAtMs, strikes) => {
    expect(strikesAfterServerFault({ strikes: 3, previousAttemptAtMs, lastAcceptedAtMs })).toBe(strikes);
  });

  it('collects nothing in an outage, however long', () => {
    let strikes = 0;
    for (let attempt = 1; attempt < 100; attempt++) {
      strikes = strikesAfterServerFault({
        strikes,
        previousAttemptAtMs: attempt * 1000,
        lastAcceptedAtMs: 500,
      });
    }
    expect(poisonReason(strikes)).toBeUndefined();
  });

  it('is dead after ten strikes, and not before', () => {
    expect(poisonReason(9)).toBeUndefined();
    expect(poisonReason(10)).toContain('failed 10 times');
  });
});
