import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsSettings } from '../adapters/config/environment.ts';
import { StartError } from '../adapters/laptop/start-error.ts';

/** Certificate and key, read and looked at. Throws a `StartError` that names the variable and never shows the key. */
export async function readTlsFiles({ certFile, keyFile, port }: TlsSettings) {
  const cert = await readPem('BRIDGE_TLS_CERT', certFile);
  const key = await readPem('BRIDGE_TLS_KEY', keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const reason = (cause as Error).message;
    const message = `BRIDGE_TLS_CERT and BRIDGE_TLS_KEY are no certificate with its key, as PEM: ${reason}`;
    throw new StartError('tls', message, { cause });
  }
  return { cert, key, port };
}

const readPem = (variable: string, file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: Error) => {
    throw new StartError('tls', `${variable}: ${file} cannot be read: ${cause.message}`, { cause });
  });
