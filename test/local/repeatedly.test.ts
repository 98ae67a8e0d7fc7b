import { setTimeout as wait } from 'node:timers/promises';
import { repeatedly } from '../../lib/local/repeatedly.ts';

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

  it('counts from the beginning of the time before, however long that took', async () => {
    const begun: number[] = [];
    const timer = repeatedly(
      400,
      async () => {
        begun.push(performance.now());
        await wait(300);
      },
      () => {},
    );
    timer.start();
    for (let waited = 0; begun.length < 2 && waited < 100; waited++) await wait(20);
    await timer.stop();
    const [first = 0, second = 0] = begun;
    expect(second - first).toBeGreaterThan(390);
    expect(second - first).toBeLessThan(680);
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
