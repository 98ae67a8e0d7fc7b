import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running bridge says of itself: the `ready` line, and `ready.json` in the data folder. */
export interface Ready {
  webhook_url: string;
  health_url: string;
  /** Base of the DORA API, without a slash at its end. */
  api_url: string;
  /** The same over TLS, where there is a certificate. */
  tls_url?: string;
  dynamodb_endpoint: string;
  table_prefix: string;
  pid: number;
  /** Of the configuration file it was started with. */
  config_fingerprint?: string;
}

const fileIn = (dataDir: string) => join(dataDir, 'ready.json');

/** Readers see the whole file or none. */
export async function writeReadyFile(dataDir: string, ready: Ready): Promise<void> {
  const draft = `${fileIn(dataDir)}.${ready.pid}`;
  await writeFile(draft, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileIn(dataDir));
}

/** Leaves the file of another process alone. */
export async function removeReadyFile(dataDir: string, pid: number): Promise<void> {
  if ((await readReadyFile(dataDir))?.pid === pid) await rm(fileIn(dataDir), { force: true });
}

/** `undefined` when there is none, or none that can be read. It may be left over: see `isAlive`. */
export async function readReadyFile(dataDir: string): Promise<Ready | undefined> {
  try {
    const ready = JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as Ready;
    return typeof ready.pid === 'number' && typeof ready.webhook_url === 'string' ? ready : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
