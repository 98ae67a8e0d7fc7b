import type { BridgeConfig } from '../config/bridge-config.ts';
import { readLocalSettings } from '../config/environment.ts';
import { readConfigFile } from '../local/local-config.ts';
import { StartError } from '../local/start-error.ts';
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
