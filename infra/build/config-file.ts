import { type Environment, processEnvironment } from '../../lib/adapters/config/environment.ts';

/** The configuration to build with: `--param config=FILE` among the arguments, else BRIDGE_CONFIG, else the usual one. */
export function configFileOf(args: readonly string[], environment: Environment = processEnvironment): string {
  const given = args.flatMap((arg, at) => {
    const text = arg.startsWith('--param=')
      ? arg.slice('--param='.length)
      : args[at - 1] === '--param'
        ? arg
        : '';
    return text.startsWith('config=') ? [text.slice('config='.length)] : [];
  });
  return given.at(-1) || environment['BRIDGE_CONFIG'] || 'infra/bridge.yml';
}
