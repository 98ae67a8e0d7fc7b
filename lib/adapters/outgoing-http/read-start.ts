import type { IncomingMessage } from 'node:http';

const usualBytes = 2048;
/** The status decides; the body only helps a person to see why. It is not worth waiting long for. */
const longestWaitMs = 2000;

/**
 * The beginning of an answer as text: until its end, 2 KiB, 2 s, the deadline or a fault. Who asks for more bytes wants
 * the body itself, and gets as long as the deadline allows. Never rejects.
 */
export function readStart(
  incoming: IncomingMessage,
  deadline: number,
  wantedBytes?: number,
): Promise<string> {
  const mostBytes = wantedBytes ?? usualBytes;
  const longestMs = wantedBytes === undefined ? longestWaitMs : Number.POSITIVE_INFINITY;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (complete: boolean) => {
      clearTimeout(timer);
      // An answer read to its end leaves the connection reusable, any other must not.
      if (!complete) incoming.destroy();
      resolve(Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'));
    };
    const timer = setTimeout(() => finish(false), Math.min(longestMs, Math.max(deadline - Date.now(), 0)));
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > mostBytes) finish(false);
    });
    incoming.on('end', () => finish(true));
    incoming.on('error', () => finish(false));
    incoming.on('aborted', () => finish(false));
  });
}
