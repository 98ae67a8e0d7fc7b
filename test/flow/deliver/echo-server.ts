import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EchoServer {
  url: string;
  /** Every header that arrived, by name, with all its values. */
  headers: Map<string, Set<string>>;
  close(): Promise<void>;
}

type Echo = (response: ServerResponse, echo: string, request: IncomingMessage) => void;

const json = { 'content-type': 'application/json' };
const xml = { 'content-type': 'text/xml' };
/** As AWS quotes what it would have signed. */
const canonical = (echo: string) =>
  `The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been ${echo}`;

/** What the server does at each path: every one quotes the whole request, credentials included. */
const echoes: Record<string, Echo> = {
  ok: (response, echo) => response.writeHead(200).end(echo),
  refused: (response, echo) => response.writeHead(400).end(echo),
  error: (response, echo) => response.writeHead(500).end(echo),
  forbidden: (response, echo) => response.writeHead(403, json).end(JSON.stringify({ errors: [echo] })),
  busy: (response, echo) => response.writeHead(429, { 'retry-after': '1', 'x-echo': header(echo) }).end(echo),
  /** Cut off in the middle of a secret, after blanks that are squeezed out. */
  cut: (response, _echo, { headers }) => {
    const secret = String(headers['webhook-signature'] ?? headers['dd-api-key']).split(' ')[0] ?? '';
    response.writeHead(422).end(`${' '.repeat(2048 - 30)}${secret}${secret}`);
  },
  redirect: (response, echo, { url = '' }) =>
    response.writeHead(302, { location: `http://127.0.0.1:1${url}?${encodeURIComponent(echo)}` }).end(echo),
  reset: (response) => response.socket?.resetAndDestroy(),
  hang: () => {},
  aws_query: (response, echo) =>
    response
      .writeHead(403, xml)
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${canonical(echo.replace(/[<&]/g, ' '))}</Message></Error></ErrorResponse>`,
      ),
  aws_json: (response, echo) =>
    response
      .writeHead(400, { ...json, 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ __type: 'InvalidSignatureException', message: canonical(echo) })),
};

const header = (text: string) => text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 4000);

/** A receiver that tells everybody what it was told: `http://…/<behaviour>/<whatever>`. */
export async function startEchoServer(): Promise<EchoServer> {
  const headers = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      for (const [name, value] of Object.entries(request.headers)) {
        headers.set(name, (headers.get(name) ?? new Set()).add(String(value)));
      }
      const [, behaviour = ''] = (request.url ?? '').split('/');
      const body = Buffer.concat(chunks).toString('utf8');
      const credentials = Object.entries(request.headers).filter(([name]) =>
        /signature|key|authorization|token/.test(name),
      );
      const echo = JSON.stringify({
        ...Object.fromEntries(credentials),
        url: request.url,
        ...request.headers,
        body,
      });
      (echoes[behaviour] ?? echoes['error'])?.(response, echo, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
