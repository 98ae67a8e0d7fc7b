import { setTimeout as wait } from 'node:timers/promises';
import { pauseAfter, repeatedly } from '../../lib/local/repeatedly.ts';

describe('doing something repeatedly', () => {
  it('begins at once, goes on after a failure, and never does two at once', async () => {
    let underway = 0;
    let most = 0;
    let calls = 0;
    const failed = jest.fn();
    const work = async () => {
      most = Math.max(most, ++underway);
      await wait(15);
      underway--;
      if (++calls === 1) throw new Error('once');
    };
    const timer = repeatedly(5, work, failed);
    timer.start();
    expect(underway).toBe(1);
    await wait(150);
    await timer.stop();
    expect(most).toBe(1);
    expect(calls).toBeGreaterThan(2);
    expect(failed.mock.calls).toEqual([[new Error('once')]]);
  });

  it.each([
    ['of the time that is left', 400, 300, 100],
    ['of all of it after what took no time', 400, 0, 400],
    ['that is short after what took longer', 60_000, 70_000, 1_000],
    ['in proportion where little time is between two', 50, 300, 5],
  ])('counts from the beginning of the time before: a pause %s', (_, everyMs, tookMs, pauseMs) => {
    expect(pauseAfter(tookMs, everyMs)).toBe(pauseMs);
  });

  it('stops when what is under way has ended, and starts nothing more', async () => {
    let ended = 0;
    const timer = repeatedly(
      1,
      () => wait(30).then(() => ended++),
      () => {},
    );
    timer.start();
    await timer.stop();
    expect(ended).toBe(1);
    await wait(60);
    expect(ended).toBe(1);
  });

  it('may be stopped before it began', async () => {
    await repeatedly(
      1,
      async () => {},
      () => {},
    ).stop();
  });
});
