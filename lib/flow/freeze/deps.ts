import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { Destination } from '../../domain/destination/destination.ts';
import type { Matcher } from '../../domain/matching/matcher.ts';
import type { Clock, Random, Telemetry } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';

export interface ProcessDeps {
  store: Store;
  clock: Clock;
  random: Random;
  telemetry: Telemetry;
  config: BridgeConfig;
  matcher: Matcher;
  /** Names of the configured destinations: who is owed an event that is frozen now. */
  destinationNames: readonly string[];
  /** The same, with who holds a picture of each incident rather than being told events. */
  destinations: readonly Destination[];
}
