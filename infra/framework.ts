/**
 * `npm run package` and `npm run deploy`: builds with the configuration that `--param config=FILE` or BRIDGE_CONFIG
 * names, and hands everything on to the framework, so that what is deployed is what was asked for.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { configFileOf } from './build/config-file.ts';

const root = path.resolve(import.meta.dirname, '..');
const [, , ...args] = process.argv;

/** Runs a program of this project with this terminal; its exit code. */
function run(program: string, ...given: string[]): number {
  const bin = path.join(root, 'node_modules/.bin', program);
  return spawnSync(bin, given, { stdio: 'inherit', cwd: root }).status ?? 1;
}

const built = run('tsx', 'infra/build.ts', '--config', configFileOf(args));
process.exitCode = built === 0 ? run('osls', ...args) : built;
