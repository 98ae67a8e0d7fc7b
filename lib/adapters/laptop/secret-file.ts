import { chmod, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SecretStore } from '../../ports.ts';

/** In the data folder: secrets of PagerDuty's subscriptions, which the bridge on this machine reads at each webhook. */
export const subscriptionSecretsIn = (dataDir: string): string => join(dataDir, 'pagerduty-signing-secrets');

/** A file that nobody else can read: secrets with commas between them. */
export function secretFile(file: string): SecretStore {
  return {
    where: `file:${file}`,
    read: () => readSecretFile(file),
    proveWritable: async () => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await (await open(file, 'a', 0o600)).close();
    },
    write: async (secrets) => {
      // Whoever reads meanwhile sees the old file or the new one.
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, `${secrets.join(',')}\n`, { mode: 0o600 });
      await chmod(draft, 0o600);
      await rename(draft, file);
    },
  };
}

/** None where there is no such file. */
export async function readSecretFile(file: string): Promise<string[]> {
  try {
    const values = (await readFile(file, 'utf8')).split(',').map((each) => each.trim());
    return values.filter((each) => each !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
