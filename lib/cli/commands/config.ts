import { readConfigText } from '../../adapters/config/config-text.ts';
import { readLocalSettings } from '../../adapters/config/environment.ts';
import { describeFault, parseBridgeConfig } from '../../adapters/config/parse-bridge-config.ts';
import { asConfigured } from '../../adapters/destinations/as-configured.ts';
import { command, group } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';

/** `pdbridge config validate [FILE]` */
export function configCommand(io: Io) {
  const validate = command(io, 'validate [file]', 'checks the configuration file', [
    'config validate infra/bridge.yml',
  ]).action(async (file: string | undefined, { json }: { json?: true }) => {
    const path = file ?? readLocalSettings(io.environment).configFile;
    const { text, fault } = readConfigText(path);
    if (text === undefined) throw failed('unreadable', `${fault}.`);
    const { config, faults = [], warnings = [] } = parseBridgeConfig(text);
    if (json) printJson(io, { file: path, valid: faults.length === 0, faults, warnings });
    else for (const fault of faults) io.out(`${describeFault(fault, path)}\n`);
    if (!config) throw failed('invalid_configuration');
    if (json) return;
    for (const warning of warnings) io.out(`Warning: ${describeFault(warning, path)}\n`);
    const destinations = asConfigured(config.destinations);
    const names = destinations.map(({ name, type }) => (name === type ? name : `${name} (${type})`));
    const listed = names.length > 0 ? `: ${names.join(', ')}` : '';
    io.out(`${path} is valid: ${countOf(destinations.length, 'destination')}${listed}.\n`);
  });
  return group(io, 'config', 'the configuration', [validate]);
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
