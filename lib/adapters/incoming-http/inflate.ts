import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unzip = promisify(gunzip);

/** `fault`: why it cannot be had, in a sentence. */
export type Inflated = { kind: 'body'; body: Uint8Array } | { kind: 'fault'; fault: string };

/**
 * The body as it was before it was compressed, at most `mostBytes` of it: a small one that would become larger is
 * given up at that size, so it never takes more memory. Never throws.
 */
export async function inflate(
  rawBody: Uint8Array,
  contentEncoding: string | undefined,
  mostBytes: number,
): Promise<Inflated> {
  const encoding = contentEncoding?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return limited(rawBody, mostBytes);
  if (encoding !== 'gzip') return { kind: 'fault', fault: 'Content-Encoding may be gzip or identity.' };
  try {
    return { kind: 'body', body: await unzip(rawBody, { maxOutputLength: mostBytes }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooMuch(mostBytes);
    return { kind: 'fault', fault: 'The body is not gzip, or not all of it.' };
  }
}

const limited = (body: Uint8Array, mostBytes: number): Inflated =>
  body.byteLength <= mostBytes ? { kind: 'body', body } : tooMuch(mostBytes);

const tooMuch = (mostBytes: number): Inflated => ({
  kind: 'fault',
  fault: `A body may have at most ${mostBytes} bytes, decompressed.`,
});
