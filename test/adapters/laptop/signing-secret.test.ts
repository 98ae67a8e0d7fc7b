import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepSigningSecret, readSigningSecret } from '../../../lib/adapters/laptop/signing-secret.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';

describe('the secret generated for a data folder', () => {
  it('is one, however many ask for it at the same moment, and for its user alone', async () => {
    const folder = temporaryFolder();
    expect(await readSigningSecret(folder)).toBeUndefined();
    const secrets = await Promise.all(Array.from({ length: 20 }, () => keepSigningSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readSigningSecret(folder)).toBe(secrets[0]);
    expect(readdirSync(folder)).toEqual(['signing-secret']);
    expect(statSync(join(folder, 'signing-secret')).mode & 0o777).toBe(0o600);
  });
});
