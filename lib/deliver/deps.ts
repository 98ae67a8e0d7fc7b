import type { BridgeConfig } from '../config/bridge-config.ts';
import type { Destination } from '../destinations/destination.ts';
import type { Clock, Random, Telemetry } from '../ports.ts';
import type { Store } from '../store/dynamo.ts';

export interface DeliverDeps {
  store: Store;
  clock: Clock;
  random: Random;
  telemetry: Telemetry;
  config: BridgeConfig;
  destinations: readonly Destination[];
}
