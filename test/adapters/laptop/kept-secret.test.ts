import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepSecret, readKeptSecret } from '../../../lib/adapters/laptop/kept-secret.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';

describe('the secret generated for a data folder', () => {
  it.each(['signing-secret', 'ingest-api-key', 'ingest-application-key'] as const)(
    'is one, however many ask for it at the same moment, and for its user alone: %s',
    async (name) => {
      const folder = temporaryFolder();
      expect(await readKeptSecret(folder, name)).toBeUndefined();
      const secrets = await Promise.all(Array.from({ length: 20 }, () => keepSecret(folder, name)));
      expect(new Set(secrets).size).toBe(1);
      expect(await readKeptSecret(folder, name)).toBe(secrets[0]);
      expect(readdirSync(folder)).toEqual([name]);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    },
  );
});
