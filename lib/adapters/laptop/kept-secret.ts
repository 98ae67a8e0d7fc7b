import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is made once for a data folder: whose webhooks are taken, who may report, who may read and change. */
export type KeptSecret = 'signing-secret' | 'ingest-api-key' | 'ingest-application-key';

/** The secret generated for this data folder, if one was. */
export async function readKeptSecret(dataDir: string, name: KeptSecret): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, name), 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Generates one the first time, readable by nobody else, and returns the same one ever after. */
export async function keepSecret(dataDir: string, name: KeptSecret): Promise<string> {
  const kept = await readKeptSecret(dataDir, name);
  if (kept !== undefined) return kept;
  // Whole or not at all: of two that start at the same moment, the second takes what the first has made.
  const file = join(dataDir, name);
  const secret = newSecret();
  const draft = `${file}.${process.pid}.${secret.slice(0, 8)}`;
  await writeFile(draft, `${secret}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readKeptSecret(dataDir, name)) ?? secret;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The same, or one for as long as the process runs where nothing is kept. */
export const secretOf = async (dataDir: string, name: KeptSecret): Promise<string> =>
  dataDir === 'memory' ? newSecret() : keepSecret(dataDir, name);

const newSecret = (): string => randomBytes(32).toString('base64url');
