import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTlsFiles } from '../../lib/local/tls-files.ts';
import { makeCertificate } from '../support/certificate.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the files for TLS', () => {
  it('are read', async () => {
    const { certFile, keyFile, cert, key } = await makeCertificate(temporaryFolder());
    expect(await readTlsFiles({ certFile, keyFile, port: 8443 })).toEqual({ cert, key, port: 8443 });
  });

  it.each(['BRIDGE_TLS_CERT', 'BRIDGE_TLS_KEY'])('that are not there are named: %s', async (variable) => {
    const { certFile, keyFile } = await makeCertificate(temporaryFolder());
    const files =
      variable === 'BRIDGE_TLS_CERT'
        ? { certFile: '/not/there', keyFile }
        : { certFile, keyFile: '/not/there' };
    await expect(readTlsFiles({ ...files, port: 0 })).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringContaining(`${variable}: /not/there`),
    });
  });

  it.each(['no PEM', 'a key of another certificate'])(
    'that do not fit are refused, and not shown: %s',
    async (what) => {
      const folder = temporaryFolder();
      const { certFile } = await makeCertificate(folder);
      const other = await makeCertificate(temporaryFolder());
      const keyFile = what === 'no PEM' ? join(folder, 'text') : other.keyFile;
      writeFileSync(join(folder, 'text'), 'a-secret-that-is-no-key');
      const refusal = readTlsFiles({ certFile, keyFile, port: 0 });
      await expect(refusal).rejects.toMatchObject({ code: 'tls' });
      await expect(refusal).rejects.not.toThrow(/a-secret-that-is-no-key/);
    },
  );
});
