import { createTestBridge } from '../../test/support/bridge.ts';
import { appendReport, commit, deployed } from '../../test/support/deployments.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { meteredStore } from './metered-store.ts';

export interface DeploymentUnitsFigures {
  accept: number;
  /** Until it is delivered, accepting included. */
  all: number;
  byTable: Record<string, number>;
  /** When the index of incidents must have caught up. */
  lookedAtAgain: number;
  /** When no incident can be laid to it any more, and that is told. */
  judged: number;
}

const minuteMs = 60_000;
const isoOf = (ms: number) => new Date(ms).toISOString();

/** Write units of one deployment, told once when it is over, with one webhook that answers at once; it breaks nothing. */
export async function measureDeploymentUnits(): Promise<DeploymentUnitsFigures> {
  const database = await startTestDatabase();
  const receiver = await startReceiver();
  try {
    const { store, units, reset } = meteredStore(database.store);
    const bridge = createTestBridge(store, {
      config: {
        destinations: [{ name: 'hook', type: 'webhook', url: receiver.url, events: ['deployment.*'] }],
      },
    });
    const { clock } = bridge.deps;
    const report = deployed(0, {
      started_at: isoOf(clock.now() - 5 * minuteMs),
      finished_at: isoOf(clock.now() - 1_000),
      service: 'checkout-api',
      team: 'payments',
      version: '1.4.0',
      commit_sha: commit('a'),
      repository_id: 'github.com/acme/checkout',
      repository_url: 'https://github.com/acme/checkout.git',
    });
    const spent = () => units.base + units.index;
    // Destinations are registered once.
    await bridge.sweep();
    reset();
    const { subject, logKey } = await appendReport(store, clock.now(), report);
    const accept = spent();
    await bridge.wake(subject, logKey);
    const told = (times: number) => {
      if (receiver.received.length !== times)
        throw new Error(`it was sent ${receiver.received.length} times`);
    };
    told(1);
    const [all, byTable] = [spent(), { ...units.byTable }];
    clock.advance(6 * minuteMs);
    await bridge.sweep();
    const lookedAtAgain = spent() - all;
    clock.advance(25 * 60 * minuteMs);
    await bridge.sweep();
    told(2);
    return { accept, all, byTable, lookedAtAgain, judged: spent() - all - lookedAtAgain };
  } finally {
    await receiver.close();
    await database.stop();
  }
}
