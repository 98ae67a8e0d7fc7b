import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever arrived
  json: any;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** Answers the next requests with these, then with 200 again. */
  answerWith(...statuses: number[]): void;
  close(): Promise<void>;
}

/** A destination: a real HTTP server that keeps what arrives. */
export async function startReceiver(arrived: (body: string) => void = () => {}): Promise<Receiver> {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      arrived(body);
      const status = statuses.shift() ?? 200;
      const { method, headers } = request;
      const json = body === '' ? undefined : JSON.parse(body);
      if (status < 300) received.push({ method, headers, body, json });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // One that lives as long as its file's process does not keep that process.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    answerWith: (...next) => {
      statuses.push(...next);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
