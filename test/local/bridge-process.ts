import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ready } from '../../lib/adapters/laptop/ready-file.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { bundled, type Child, run } from './child-process.ts';

export interface BridgeProcess extends Child {
  ready: Ready;
  /** Sends a body as PagerDuty would, signed with the bridge's secret unless other headers are given. */
  post(body: object | string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const fromBundle = await bundled('lib/local/main.ts');
/** Word for word what `npm start` starts. */
export const asNpmDoes: typeof fromBundle = (args = [], env = {}) =>
  run(process.execPath, ['lib/local/start.mjs', ...args], env);

/** `npm start` as a process of its own, on free ports, with nothing of this machine's settings. */
export function launchBridge(
  dataDir: string,
  environment: Record<string, string> = {},
  launch = fromBundle,
): Child {
  return launch([], {
    PORT: '0',
    DYNAMODB_PORT: '0',
    BRIDGE_DATA_DIR: dataDir,
    BRIDGE_SWEEP_SECONDS: '1',
    ...environment,
  });
}

export async function startBridge(
  dataDir: string,
  environment: Record<string, string> = {},
  launch = fromBundle,
): Promise<BridgeProcess> {
  const child = launchBridge(dataDir, environment, launch);
  const ready = JSON.parse((await child.line(/^ready \{/)).slice('ready '.length)) as Ready;
  const secret =
    environment['PAGERDUTY_SIGNING_SECRETS'] ??
    (dataDir === 'memory' ? '' : readFileSync(join(dataDir, 'signing-secret'), 'utf8').trim());
  return {
    ...child,
    ready,
    async post(body, headers) {
      const bytes =
        body instanceof Uint8Array
          ? body
          : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const answer = await fetch(ready.webhook_url, {
        method: 'POST',
        headers: headers ?? { 'x-pagerduty-signature': sign(bytes, secret) },
        body: bytes,
      });
      return { status: answer.status, body: (await answer.json()) as Answer['body'] };
    },
  };
}

/** Asks until the answer is yes; fails with what was seen last after a while. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  good: (seen: T) => boolean,
  withinMs = 60_000,
) {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
