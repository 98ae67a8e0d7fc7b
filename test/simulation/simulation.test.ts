import { bundleSimulation, PatchDoesNotApply } from './bundle.ts';
import { runCampaign, seeds } from './campaign.ts';
import { createPlayer } from './player.ts';
import { replayCommand } from './report.ts';

/** `npm run simulate` plays as many seeds as wanted; `npm test` plays what fits into this, the campaigns more. */
const sliceSeconds = Number(process.env['SIMULATION_SECONDS'] ?? 4);

describe('the simulation', () => {
  it(`finds no broken promise in the seeds that fit into ${sliceSeconds} seconds`, async () => {
    const bundle = await bundleSimulation();
    const untilMs = Date.now() + sliceSeconds * 1000;
    const { failed, played } = await runCampaign({ bundle, plays: seeds(1, 1_000_000), untilMs });
    const told = failed.map(({ seed, violations }) => `${replayCommand(seed)}: ${violations[0]?.message}`);
    expect(told).toEqual([]);
    expect(played).toBeGreaterThan(3);
  }, 240_000);

  it('plays a seed the same way every time, in any thread', async () => {
    const bundle = await bundleSimulation();
    const played = async (order: number[], traced: boolean) => {
      const player = createPlayer();
      const plays = order.map((seed) => ({ seed, traced }));
      const { failed, digests } = await player.play(bundle, { plays, stopAtFirst: false });
      await player.dismiss();
      return { traces: new Map(failed.map(({ seed, trace }) => [seed, trace])), digests };
    };
    const [first, second] = await Promise.all([played([3, 43, 55], true), played([55, 43, 3], true)]);
    expect(second.traces).toEqual(first.traces);
    expect(second.digests.toReversed()).toEqual(first.digests);
    // A campaign plays without a trace what is replayed with one.
    expect((await played([3, 43, 55], false)).digests).toEqual(first.digests);
  }, 120_000);

  it('refuses a mutant whose text is no longer in the code', async () => {
    const patch = {
      file: 'lib/flow/receive/receive-webhook.ts',
      find: 'a text that is not there',
      replace: '',
    };
    await expect(bundleSimulation([patch])).rejects.toThrow(PatchDoesNotApply);
  });
});
