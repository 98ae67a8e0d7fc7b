import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { Destination } from '../../domain/destination/destination.ts';
import type { Clock, Random, Telemetry } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';

export interface DeliverDeps {
  store: Store;
  clock: Clock;
  random: Random;
  telemetry: Telemetry;
  config: BridgeConfig;
  destinations: readonly Destination[];
}
