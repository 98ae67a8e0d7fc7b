import { systemClock } from '../adapters/aws/lambda-runtime.ts';
import { quietSdk } from '../adapters/aws/quiet-sdk.ts';
import { processEnvironment, readLocalSettings, SettingError } from '../adapters/config/environment.ts';
import { StartError } from '../adapters/laptop/start-error.ts';
import { redact } from '../adapters/telemetry/redact.ts';
import { harmless } from '../adapters/terminal/harmless.ts';
import { greeting } from './greeting.ts';
import { createLocalTelemetry } from './local-telemetry.ts';
import { type LocalBridge, startBridge } from './start-bridge.ts';

/** `npm start`: the bridge on this machine until it is stopped. */
quietSdk(processEnvironment);
// What is kept here is nobody else's business, whatever the folder's permissions.
process.umask(0o077);
const print = (line: string) => void process.stdout.write(`${harmless(line)}\n`);
const complain = (line: string) => void process.stderr.write(`${harmless(line)}\n`);

let bridge: LocalBridge | undefined;
try {
  const settings = readLocalSettings(processEnvironment);
  bridge = await startBridge({
    settings,
    environment: processEnvironment,
    telemetry: createLocalTelemetry({ write: complain, clock: systemClock }),
    print,
  });
  for (const line of greeting(bridge, settings)) print(line);
  print(`ready ${JSON.stringify(bridge.ready)}`);
} catch (error) {
  const foreseen = error instanceof StartError || error instanceof SettingError;
  // What nobody has foreseen may quote anything, and Node would print it as it is.
  complain(foreseen ? error.message : String(redact(error instanceof Error ? error.stack : String(error))));
  process.exitCode = 1;
}

/** Longer than a clean stop takes; whatever hangs then is on disk and goes on at the next start. */
const patienceMs = 4_600;
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping || !bridge) process.exit(stopping ? 1 : 0);
    stopping = true;
    setTimeout(() => process.exit(0), patienceMs).unref();
    void bridge.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(`The bridge did not end cleanly: ${String(error)}`);
        process.exit(1);
      },
    );
  });
}
