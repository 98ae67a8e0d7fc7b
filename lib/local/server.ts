import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EdgeRequest, type EdgeResponse, jsonResponse } from '../adapters/incoming-http/request.ts';
import { StartError } from '../adapters/laptop/start-error.ts';
import { readBody } from './read-body.ts';

export interface LocalServer {
  webhookUrl: string;
  healthUrl: string;
  /** Takes no new request and waits for those under way, at most `withinMs`. */
  close(withinMs: number): Promise<void>;
}

export interface LocalServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Bodies above this many bytes are not read to their end. */
  maxBodyBytes: number;
  receive(request: EdgeRequest): Promise<EdgeResponse>;
  now(): number;
}

const webhookPath = '/webhooks/pagerduty';
/** A client that sends too much may finish sending within these bounds, so that it gets to read the answer. */
const linger = { bytes: 16 * 1024 * 1024, ms: 2_000 };

/** The HTTP edge of a laptop: turns Node's request into the one that `receive` knows, and its answer back. */
export async function startServer(options: LocalServerOptions): Promise<LocalServer> {
  const server = createServer(
    // A client has 10 seconds for a request, however slowly it drips it; this is checked every second.
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    (request, response) => void answer(options, request, response),
  );
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const origin = `http://${urlHost(options.host)}:${port}`;
  return {
    webhookUrl: origin + webhookPath,
    healthUrl: `${origin}/health`,
    close: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), withinMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function answer(options: LocalServerOptions, request: IncomingMessage, response: ServerResponse) {
  const arrivedAtMs = options.now();
  const path = (request.url ?? '').split('?')[0]?.replace(/(.)\/+$/, '$1');
  // As behind an HTTP API's $default route: a webhook with a mistake in its path is not dropped for it.
  if (path !== webhookPath && request.method !== 'POST')
    return write(request, response, page(path, request.method));
  const rawBody = await readBody(request, options.maxBodyBytes);
  if (!rawBody) return;
  const result = await options
    .receive({ method: request.method ?? '', headers: headersOf(request), rawBody, arrivedAtMs })
    .catch(() => jsonResponse(503, { error: 'unavailable', message: 'Not written down. Send it again.' }));
  write(request, response, result);
}

function page(path: string | undefined, method: string | undefined): EdgeResponse {
  if (path !== '/health') {
    return jsonResponse(404, { error: 'not_found', message: `Webhooks are taken at POST ${webhookPath}.` });
  }
  if (method === 'GET' || method === 'HEAD') return jsonResponse(200, { status: 'ok' });
  return jsonResponse(405, { error: 'method_not_allowed', message: 'Ask with GET.' }, { allow: 'GET, HEAD' });
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: EdgeResponse,
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
  if (!request.complete) discardRest(request);
}

/** Closing at once would reset the connection, and the client would see that instead of the answer. */
function discardRest(request: IncomingMessage): void {
  let left = linger.bytes;
  const timer = setTimeout(() => request.destroy(), linger.ms).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.on('close', () => clearTimeout(timer));
  request.resume();
}

function listen(server: Server, { host, port }: LocalServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken. Set PORT to another one, or to 0 for a free one.`,
        EACCES: `Port ${port} needs special rights. Set PORT to one above 1023.`,
        EADDRNOTAVAIL: `HOST is ${host}, which is no address of this machine. Try 127.0.0.1 or 0.0.0.0.`,
        ENOTFOUND: `HOST is ${host}, which is not known. Try 127.0.0.1 or 0.0.0.0.`,
      };
      const message = remedy[error.code ?? ''];
      reject(message ? new StartError('port_in_use', message, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

/** The address to write in a URL: one that listens everywhere is reached on the loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
