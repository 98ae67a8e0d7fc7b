import type { IncomingMessage } from 'node:http';

/**
 * The body as it was sent, but never more than `limit + 1` bytes: enough for whoever judges it to see that it is
 * too large. `undefined` when the client went away before its end.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      if (size > limit) return;
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) resolve(Buffer.concat(chunks).subarray(0, limit + 1));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}
