import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type EdgeRequest,
  type EdgeResponse,
  jsonResponse,
  type RoutedRequest,
} from '../adapters/incoming-http/request.ts';
import { type WebhooksAnswered, webhooksAnswered } from '../adapters/laptop/webhooks-answered.ts';
import { end, listen, urlHost } from './listen.ts';
import { readBody } from './read-body.ts';

export interface LocalServer {
  webhookUrl: string;
  healthUrl: string;
  /** Base of every path, without a slash at its end. */
  url: string;
  /** The same over TLS. */
  tlsUrl?: string;
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
  /** Who takes the paths that it says are its own. */
  ingest?: {
    maxBodyBytes: number;
    owns(path: string): boolean;
    handle(request: RoutedRequest): Promise<EdgeResponse>;
  };
  tls?: { cert: string; key: string; port: number };
  now(): number;
}

const webhookPath = '/webhooks/pagerduty';
/** A client that sends too much may finish sending within these bounds, so that it gets to read the answer. */
const linger = { bytes: 16 * 1024 * 1024, ms: 2_000 };

/** The HTTP edge of a laptop: turns Node's request into the one that `receive` knows, and its answer back. */
export async function startServer(options: LocalServerOptions): Promise<LocalServer> {
  const { host, port, tls } = options;
  // A client has 10 seconds for a request, however slowly it drips it; this is checked every second.
  const limits = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
  const webhooks = webhooksAnswered(options.now);
  const receive = async (request: EdgeRequest) => {
    const answered = await options.receive(request);
    webhooks.note(answered);
    return answered;
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    void answer({ ...options, receive }, webhooks.told, request, response);
  const plain = createServer(limits, onRequest);
  const secure = tls && createTlsServer({ ...limits, cert: tls.cert, key: tls.key }, onRequest);
  const servers = [plain, ...(secure ? [secure] : [])];
  const close = (withinMs: number) => Promise.all(servers.map((server) => end(server, withinMs)));
  const origin = `http://${urlHost(host)}:${await listen(plain, host, port, 'PORT')}`;
  try {
    const tlsPort = secure && tls && (await listen(secure, host, tls.port, 'TLS_PORT'));
    return {
      webhookUrl: origin + webhookPath,
      healthUrl: `${origin}/health`,
      url: origin,
      ...(tlsPort !== undefined && { tlsUrl: `https://${urlHost(host)}:${tlsPort}` }),
      close: async (withinMs) => void (await close(withinMs)),
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

async function answer(
  options: LocalServerOptions,
  webhooks: WebhooksAnswered,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const arrivedAtMs = options.now();
  const { ingest } = options;
  const [rawPath = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const path = rawPath.replace(/(.)\/+$/, '$1');
  const owned = ingest?.owns(rawPath) ? ingest : undefined;
  // As behind an HTTP API's $default route: a webhook with a mistake in its path is not dropped for it.
  if (!owned && path !== webhookPath && request.method !== 'POST')
    return write(request, response, page(path, request.method, webhooks));
  const rawBody = await readBody(request, (owned ?? options).maxBodyBytes);
  if (!rawBody) return;
  const edge = { method: request.method ?? '', headers: headersOf(request), rawBody, arrivedAtMs };
  const result = await (owned
    ? owned.handle({ ...edge, path: rawPath, query })
    : options.receive(edge)
  ).catch(() => jsonResponse(503, { error: 'unavailable', message: 'Not written down. Send it again.' }));
  write(request, response, result);
}

function page(
  path: string | undefined,
  method: string | undefined,
  webhooks: WebhooksAnswered,
): EdgeResponse {
  if (path !== '/health') {
    return jsonResponse(404, { error: 'not_found', message: `Webhooks are taken at POST ${webhookPath}.` });
  }
  if (method === 'GET' || method === 'HEAD') return jsonResponse(200, { status: 'ok', webhooks });
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
