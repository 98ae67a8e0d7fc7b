import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncidentEvent } from '../../domain/incident/incident-event.ts';

export interface Arrival {
  event: IncidentEvent;
  headers: IncomingHttpHeaders;
}

/** The destination: an HTTP server that believes nothing and checks what docs/events.md tells receivers to check. */
export interface Receiver {
  url: string;
  arrivals: readonly Arrival[];
  /** What was wrong with requests that were refused. */
  refused: readonly string[];
  close(): Promise<void>;
}

export async function startReceiver(secret: string): Promise<Receiver> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const arrivals: Arrival[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = inspect(request.headers, Buffer.concat(chunks), key);
      if ('fault' in seen) refused.push(seen.fault);
      else arrivals.push(seen);
      response.writeHead('fault' in seen ? 400 : 204).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/incidents`,
    arrivals,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Verified before anything is parsed. */
function inspect(headers: IncomingHttpHeaders, body: Buffer, key: Buffer): Arrival | { fault: string } {
  const forged = signatureFault(headers, body, key);
  if (forged !== undefined) return { fault: forged };
  try {
    const event = JSON.parse(body.toString('utf8')) as IncidentEvent;
    return event.id === headers['webhook-id']
      ? { event, headers }
      : { fault: 'the ids of header and body differ' };
  } catch {
    return { fault: 'the body is not JSON' };
  }
}

/** Standard Webhooks, written from its specification: HMAC-SHA256 over `id.timestamp.body`. */
export function signatureFault(headers: IncomingHttpHeaders, body: Buffer, key: Buffer): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  const fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  if (!fresh) return 'the timestamp is not of now';
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const good = String(given)
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
  return good ? undefined : 'the signature is wrong';
}
