import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (dataDir: string) => join(dataDir, 'signing-secret');

/** The secret generated for this data folder, if one was. */
export async function readSigningSecret(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(fileIn(dataDir), 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Generates one the first time, readable by nobody else, and returns the same one ever after. */
export async function keepSigningSecret(dataDir: string): Promise<string> {
  const kept = await readSigningSecret(dataDir);
  if (kept !== undefined) return kept;
  // Whole or not at all: of two that start at the same moment, the second takes what the first has made.
  const secret = newSigningSecret();
  const draft = `${fileIn(dataDir)}.${process.pid}.${secret.slice(0, 8)}`;
  await writeFile(draft, `${secret}\n`, { mode: 0o600 });
  try {
    await link(draft, fileIn(dataDir));
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readSigningSecret(dataDir)) ?? secret;
  } finally {
    await rm(draft, { force: true });
  }
}

export const newSigningSecret = (): string => randomBytes(32).toString('base64url');
