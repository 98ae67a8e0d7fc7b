import { createTestBridge } from '../../test/support/bridge.ts';
import { appendReport, commit, deployed } from '../../test/support/deployments.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { meteredStore } from './metered-store.ts';

export interface DeploymentUnitsFigures {
  accept: number;
  /** Accepting included. */
  all: number;
  byTable: Record<string, number>;
}

/** Write units of one deployment, told once when it is over, with one webhook that answers at once. */
export async function measureDeploymentUnits(): Promise<DeploymentUnitsFigures> {
  const database = await startTestDatabase();
  const receiver = await startReceiver();
  try {
    const { store, units } = meteredStore(database.store);
    const bridge = createTestBridge(store, {
      config: {
        destinations: [{ name: 'hook', type: 'webhook', url: receiver.url, events: ['deployment.*'] }],
      },
    });
    const report = deployed(0, {
      service: 'checkout-api',
      team: 'payments',
      version: '1.4.0',
      commit_sha: commit('a'),
      repository_id: 'github.com/acme/checkout',
      repository_url: 'https://github.com/acme/checkout.git',
    });
    const { subject, logKey } = await appendReport(store, bridge.deps.clock.now(), report);
    const accept = units.base + units.index;
    await bridge.wake(subject, logKey);
    if (receiver.received.length !== 1) throw new Error('the deployment was not sent');
    return { accept, all: units.base + units.index, byTable: { ...units.byTable } };
  } finally {
    await receiver.close();
    await database.stop();
  }
}
