import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
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
  const secret = newSigningSecret();
  await writeFile(fileIn(dataDir), `${secret}\n`, { mode: 0o600 });
  return secret;
}

export const newSigningSecret = (): string => randomBytes(32).toString('base64url');
