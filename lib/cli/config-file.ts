import type { BridgeConfig } from '../adapters/config/bridge-config.ts';
import { readLocalSettings } from '../adapters/config/environment.ts';
import { readConfigFile } from '../adapters/laptop/local-config.ts';
import { StartError } from '../adapters/laptop/start-error.ts';
import { failed, type Io } from './io.ts';

export const configOption = [
  '--config <file>',
  'the configuration the target runs with (BRIDGE_CONFIG or infra/bridge.yml)',
] as const;

/** The configuration a command judges rows by; it must be the one the bridge runs with. */
export async function configOf({ config }: { config?: string }, io: Io): Promise<BridgeConfig> {
  try {
    return await readConfigFile(config ?? readLocalSettings(io.environment).configFile);
  } catch (error) {
    if (error instanceof StartError) throw failed(error.code, error.message);
    throw error;
  }
}
