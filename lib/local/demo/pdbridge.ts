import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root, type Stage } from './stage.ts';
import { DemoError } from './until.ts';

const run = promisify(execFile);

/** Runs the command line on the demo's bridge, as a person would in another terminal. */
export async function pdbridge({ environment }: Stage, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, ['lib/cli/pdbridge.mjs', ...args], {
      cwd: root,
      env: environment,
    });
    return stdout;
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new DemoError(`pdbridge ${args.join(' ')} failed: ${stderr || message}`);
  }
}
