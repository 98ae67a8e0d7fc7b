import path from 'node:path';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { checkForDeploy } from '../../lib/adapters/config/check-for-deploy.ts';
import { readConfigText } from '../../lib/adapters/config/config-text.ts';
import { describeFault, parseBridgeConfig } from '../../lib/adapters/config/parse-bridge-config.ts';

/** What whoever builds can do something about: its message is all they are shown. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** The configuration in `file`, a path from `root`; throws a BuildError with each fault that a deployment must not have. */
export function readConfig(root: string, file: string): BridgeConfig {
  const { text, fault } = readConfigText(path.resolve(root, file));
  if (text === undefined) throw new BuildError(`${fault}; give the configuration with --config FILE`);
  const { config, faults = checkForDeploy(config as BridgeConfig), warnings = [] } = parseBridgeConfig(text);
  if (faults.length > 0) throw new BuildError(faults.map((fault) => describeFault(fault, file)).join('\n'));
  for (const warning of warnings) console.warn(`Warning: ${describeFault(warning, file)}`);
  return config as BridgeConfig;
}
