import { createHash } from 'node:crypto';
import type { BridgeConfig } from './bridge-config.ts';

/** The same for two configurations that say the same, comments and layout aside. */
export const fingerprintOf = (config: BridgeConfig): string =>
  `sha256-${createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16)}`;
