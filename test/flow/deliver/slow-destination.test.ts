import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ninetyNinthBeside } from '../../support/beside-another.ts';
import type { VirtualReceiver } from '../../support/virtual-bridge.ts';

const minute = 60_000;

describe('a destination that answers after seconds', () => {
  it.each([
    ['with 200 after 9 s', 9_000, 204],
    ['with 101 at once', 50, 101],
  ])('does not delay another one: %s', async (_, answersAfterMs, status) => {
    const without = await ninetyNinthBeside(100);
    const beside = await ninetyNinthBeside(answersAfterMs, status);
    expect(without.lag).toBeLessThan(1_000);
    expect(beside.lag).toBeLessThan(2 * without.lag);
  });

  it('is left to `sweep`, which gives it everything while it goes on being slow', async () => {
    const { bridge } = await ninetyNinthBeside(9_000);
    const other = bridge.receivers.get('other') as VirtualReceiver;
    bridge.sweepEachMinute(() => other.arrived.length === 128);
    const took = await bridge.run(() => other.arrived.length === 128 || bridge.scheduler.steps() > 100_000);
    expect(new Set(other.arrived).size).toBe(128);
    // 8 at once and 9 s each, in 40 s of each minute.
    expect(took).toBeLessThan(5 * minute);
    const [row] = [...(bridge.database.tables.get('destinations')?.partition('other') ?? [])];
    expect(unmarshall((row?.item ?? {}) as never)).toHaveProperty('slow_until');
  });
});
