import type { BridgeConfig } from '../../../lib/adapters/config/bridge-config.ts';
import type { DestinationConfig } from '../../../lib/adapters/destinations/destination-config.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { pinService } from '../../../lib/store/mappings/mappings.ts';
import { createTestBridge, createTestClock, type TestBridge, type TestClock } from '../../support/bridge.ts';
import { pinnedService } from './five-events.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { UnrulyReceiver } from './unruly-receiver.ts';

export const hour = 3_600_000;
export const minutes = (n: number) => n * 60_000;

export const hookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Fixture extends MemoryStore {
  clock: TestClock;
  /** A bridge on this database with these destinations: a new one is a new deployment. */
  bridge(destinations: DestinationConfig[], config?: Partial<BridgeConfig>): TestBridge;
  /** The deliveries to a destination, in the order of incident and sequence. */
  deliveries(destination: string, incidentId?: string): Row[];
}

/** A database of its own in which PagerDuty's service is pinned to `checkout-api`, and a clock to set forward. */
export async function createFixture(): Promise<Fixture> {
  const database = createMemoryStore();
  const clock = createTestClock();
  await pinService(database.store, pinnedService.id, { services: ['checkout-api'], team: 'payments' });
  return {
    ...database,
    clock,
    bridge: (destinations, config = {}) =>
      createTestBridge(database.store, {
        clock,
        config: { ...config, destinations },
        secrets: { 'env:HOOK': [hookSecret], 'env:DD': ['datadog-key'], 'env:DD_APP': ['datadog-app-key'] },
      }),
    deliveries: (destination, incidentId) => {
      const rows =
        incidentId === undefined ? database.rows('deliveries') : database.rowsOf('deliveries', incidentId);
      const place = (row: Row) => `${row['incident_id']}/${row['delivery_id']}`;
      return rows
        .filter((row) => row['destination'] === destination)
        .sort((a, b) => (place(a) < place(b) ? -1 : 1));
    },
  };
}

/** A signed webhook destination. Where nothing hangs, the timeout is one that a busy machine does not reach. */
export const hook = (
  name: string,
  receiver: Pick<UnrulyReceiver, 'url'>,
  more: Record<string, unknown> = {},
): DestinationConfig => ({
  name,
  type: 'webhook',
  url: receiver.url,
  secret: 'env:HOOK',
  timeout_seconds: 10,
  ...more,
});

/** Lets time pass in steps, a sweep after each, as the schedule would; ends early once `enough`. */
export async function letTimePass(
  bridge: TestBridge,
  clock: TestClock,
  { total, step, enough = () => false }: { total: number; step: number; enough?: () => boolean },
): Promise<void> {
  for (let passed = 0; passed < total && !enough(); passed += step) {
    clock.advance(step);
    await bridge.sweep();
  }
}
