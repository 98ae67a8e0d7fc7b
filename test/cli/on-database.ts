import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import type { CatalogEntry, CatalogService } from '../../lib/domain/catalog/entry.ts';
import { pushCatalog } from '../../lib/store/catalog/push.ts';
import { createTestBridge, type TestBridge } from '../support/bridge.ts';
import { type MemoryEndpoint, startMemoryEndpoint } from '../support/memory-endpoint.ts';
import { pdbridge, type Ran, type Surroundings } from './run-cli.ts';

export interface OnDatabase extends MemoryEndpoint {
  bridge: TestBridge;
  /** The command line on this database. */
  run(...args: string[]): Promise<Ran>;
}

/** A database with a bridge at work on it, and the command line pointed at it. */
export async function startOnDatabase(
  config: Partial<BridgeConfig> = {},
  surroundings: Surroundings = {},
): Promise<OnDatabase> {
  const database = await startMemoryEndpoint('test-');
  const target = ['--endpoint-url', database.endpoint, '--table-prefix', database.prefix];
  return {
    ...database,
    bridge: createTestBridge(database.store, { config }),
    run: (...args) => pdbridge([...args, ...target], surroundings),
  };
}

export const checkout: CatalogService = {
  type: 'service',
  name: 'checkout-api',
  kind: 'service',
  namespace: 'default',
  team: 'payments',
  pagerduty: { host: 'acme.pagerduty.com', id: 'PF9KMXH' },
  format: 'datadog-v3',
};

export const fillCatalog = ({ bridge, store }: OnDatabase, ...entries: CatalogEntry[]) =>
  pushCatalog(
    { store, clock: bridge.deps.clock, random: bridge.deps.random },
    { source: 'default', entries },
  );
