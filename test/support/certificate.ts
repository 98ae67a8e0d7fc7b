import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A certificate that vouches for itself, for these names and this machine, as PEM files in a folder. */
export async function makeCertificate(folder: string, names: string[] = []) {
  const altNames = [
    { type: 7 as const, ip: '127.0.0.1' },
    ...['localhost', ...names].map((value) => ({ type: 2 as const, value })),
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Bridge of the tests' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key);
  return { ...files, cert, key };
}
