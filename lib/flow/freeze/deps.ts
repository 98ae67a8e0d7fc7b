import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import type { Match, MatchInput } from '../../domain/matching/match.ts';
import type { Clock, Random, Telemetry } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';

/** Looks a PagerDuty service up in the catalog as it is now. */
export interface Matcher {
  /** `generation` names the state of the catalog that was judged by. Throws when the catalog cannot be read. */
  match(input: MatchInput): Promise<{ match: Match; generation: string }>;
  currentGeneration(): Promise<string>;
}

export interface ProcessDeps {
  store: Store;
  clock: Clock;
  random: Random;
  telemetry: Telemetry;
  config: BridgeConfig;
  matcher: Matcher;
  /** Names of the configured destinations: who is owed an event that is frozen now. */
  destinationNames: readonly string[];
}
