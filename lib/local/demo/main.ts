import { quietSdk } from '../../adapters/aws/quiet-sdk.ts';
import { processEnvironment } from '../../adapters/config/environment.ts';
import { createPage } from './page.ts';
import { runDemo } from './run-demo.ts';
import { openStage } from './stage.ts';
import { DemoError } from './until.ts';

/** `npm run demo`: a story through the real bridge. Exits 0 when nothing was lost, doubled or reordered. */
quietSdk(processEnvironment);
const colors = process.stdout.isTTY === true && process.stdout.hasColors();
const page = createPage((text) => void process.stdout.write(text), colors);

let closing: Promise<void> | undefined;
const opening = openStage();
const close = () => {
  closing ??= opening.then((stage) => stage.close()).catch(() => {});
  return closing;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void close().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}
// `npm run demo | head` closes the pipe early.
process.stdout.on('error', () => void close().then(() => process.exit(1)));

try {
  const stage = await opening;
  try {
    process.exitCode = (await runDemo(stage, page)) ? 0 : 1;
  } catch (error) {
    if (!closing) throw error instanceof DemoError ? withLog(error, stage.bridge.log()) : error;
  }
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
} finally {
  await close();
}

function withLog(error: DemoError, log: string[]): DemoError {
  return new DemoError(`${error.message}\nThe bridge's log ends with:\n${log.join('\n')}`);
}
