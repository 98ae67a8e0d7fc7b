import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';

/** What goes beside each bundle as bridge.json: `receive` carries no more than it reads. */
export function functionConfig(name: string, config: BridgeConfig): Partial<BridgeConfig> {
  if (name !== 'receive') return config;
  return { authenticate: config.authenticate, retention_days: config.retention_days };
}
