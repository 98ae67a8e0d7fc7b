import { quietSdk } from '../adapters/aws/quiet-sdk.ts';
import { processEnvironment } from '../adapters/config/environment.ts';
import { runCli } from './main.ts';

/** Runs the command line on this process's arguments, streams and environment. */
export async function runOnTerminal(): Promise<void> {
  quietSdk(processEnvironment);
  // `pdbridge … | head` closes the pipe early; that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await runCli(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    input: process.stdin,
    ...(process.stdout.isTTY && { columns: process.stdout.columns }),
    environment: processEnvironment,
    now: Date.now,
  });
}
