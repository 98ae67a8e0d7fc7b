import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import {
  type EdgeRequest,
  jsonResponse,
  type RoutedRequest,
} from '../../lib/adapters/incoming-http/request.ts';
import { type LocalServer, startServer } from '../../lib/local/server.ts';

import { makeCertificate } from '../support/certificate.ts';
import { temporaryFolder } from './temporary-folder.ts';

const limit = 1_000;
const received: EdgeRequest[] = [];
const routed: RoutedRequest[] = [];
let ca = '';
let reply: (request: EdgeRequest) => Promise<ReturnType<typeof jsonResponse>>;
let server: LocalServer;

beforeAll(async () => {
  const { cert, key } = await makeCertificate(temporaryFolder());
  ca = cert;
  server = await startServer({
    tls: { cert, key, port: 0 },
    ingest: {
      maxBodyBytes: 2 * limit,
      owns: (where) => where.startsWith('/api/') || where.startsWith('//api/'),
      handle: async (request) => {
        routed.push(request);
        return jsonResponse(200, { length: request.rawBody.length });
      },
    },
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: limit,
    now: () => 1_700_000_000_000,
    receive: (request) => {
      received.push(request);
      return reply(request);
    },
  });
});
beforeEach(() => {
  received.length = 0;
  routed.length = 0;
  reply = async () => jsonResponse(202, { status: 'accepted' }, { 'x-extra': 'yes' });
});
afterAll(() => server.close(0));

const path = (suffix: string) => server.webhookUrl.replace('/webhooks/pagerduty', suffix);

/** Writes text to the socket and resolves with all that comes back until it is closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.webhookUrl).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

describe('the local server', () => {
  it('hands a webhook in as it was sent, and the answer back', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xc3, 0xa9, 0xff, 0x00, 0x7d]);
    const answer = await fetch(server.webhookUrl, {
      method: 'POST',
      body,
      headers: { DD_Env: 'prod', 'X-Webhook-Id': 'w' },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-extra')).toBe('yes');
    expect(await answer.json()).toEqual({ status: 'accepted' });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ method: 'POST', arrivedAtMs: 1_700_000_000_000 });
    expect(received[0]?.headers).toMatchObject({ dd_env: 'prod', 'x-webhook-id': 'w' });
    expect([...(received[0]?.rawBody ?? [])]).toEqual([...body]);
  });

  it.each([
    ['POST', '/webhooks/pagerduty'],
    ['POST', '/webhooks/pagerduty/'],
    ['POST', '/webhooks/pagerduty?source=a'],
    ['POST', '/a/mistaken/path'],
    ['POST', '/'],
    ['POST', '//'],
    ['GET', '/webhooks/pagerduty'],
    ['DELETE', '/webhooks/pagerduty/'],
  ])('leaves the answer to %s %s to `receive`', async (method, suffix) => {
    expect((await fetch(path(suffix), { method })).status).toBe(202);
    expect(received).toMatchObject([{ method }]);
  });

  it.each([
    ['GET', '/health', 200, { status: 'ok' }],
    ['GET', '/health/', 200, { status: 'ok' }],
    ['PUT', '/health', 405, { error: 'method_not_allowed' }],
    ['GET', '/', 404, { error: 'not_found' }],
    ['GET', '/else', 404, { error: 'not_found' }],
    ['PUT', '/else', 404, { error: 'not_found' }],
  ])('answers %s %s itself with %d', async (method, suffix, status, body) => {
    const answer = await fetch(path(suffix), { method });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject(body);
    expect(received).toEqual([]);
  });

  it.each([
    ['POST', '/api/v2/dora/deployment', { path: '/api/v2/dora/deployment', query: '' }],
    ['POST', '//api/v2/dora/deployment/', { path: '//api/v2/dora/deployment/', query: '' }],
    ['GET', '/api/v2/dora/f%3A1?a=b?c', { path: '/api/v2/dora/f%3A1', query: 'a=b?c' }],
    ['DELETE', '/api/x?', { path: '/api/x', query: '' }],
  ])('leaves %s %s to `ingest`, with its path as it was sent', async (method, suffix, where) => {
    expect((await fetch(path(suffix), { method })).status).toBe(200);
    expect(routed).toMatchObject([{ method, ...where, arrivedAtMs: 1_700_000_000_000 }]);
    expect(received).toEqual([]);
  });

  it('reads as much of a body as `ingest` takes, and one byte more', async () => {
    const send = async (bytes: number) =>
      (await fetch(path('/api/x'), { method: 'POST', body: 'x'.repeat(bytes) })).json();
    expect(await send(2 * limit)).toEqual({ length: 2 * limit });
    expect(await send(50 * limit)).toEqual({ length: 2 * limit + 1 });
  });

  it('answers the same over TLS', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = tlsRequest(
        `${server.tlsUrl}/api/v2/dora/deployment`,
        { method: 'POST', ca },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode));
        },
      );
      request.on('error', reject);
      request.end('{}');
    });
    expect(status).toBe(200);
    expect(server.tlsUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(routed).toMatchObject([{ path: '/api/v2/dora/deployment' }]);
  });

  it('reads no more of a body than shows that it is too large, and lets the client read the answer', async () => {
    reply = async ({ rawBody }) => jsonResponse(rawBody.length > limit ? 413 : 202, {});
    const answer = await fetch(server.webhookUrl, { method: 'POST', body: 'x'.repeat(3_000_000) });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('connection')).toBe('close');
    expect(received[0]?.rawBody).toHaveLength(limit + 1);
    expect((await fetch(server.webhookUrl, { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(202);
  });

  it('answers 413 to a body without end, and hangs up', async () => {
    reply = async ({ rawBody }) => jsonResponse(rawBody.length > limit ? 413 : 202, {});
    const head = 'POST /webhooks/pagerduty HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const started = Date.now();
    expect(await raw(`${head}${'800\r\n'}${'x'.repeat(2048)}\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('hangs up on a client that drips its request', async () => {
    const started = Date.now();
    const answer = await raw('POST /webhooks/pagerduty HTTP/1.1\r\nhost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(Date.now() - started).toBeLessThan(8_000);
    expect(received).toEqual([]);
  });

  it('does not ask `receive` about a body whose client went away', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(server.webhookUrl).port), '127.0.0.1', () => {
        socket.write('POST /webhooks/pagerduty HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nhalf', () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
    });
    expect((await fetch(path('/health'))).status).toBe(200);
    expect(received).toEqual([]);
  });

  it('answers 503 when `receive` throws after all', async () => {
    reply = async () => {
      throw new Error('secret detail');
    };
    const answer = await fetch(server.webhookUrl, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('secret detail');
  });

  it('says which setting to change when the port is taken', async () => {
    const port = Number(new URL(server.webhookUrl).port);
    const again = startServer({
      host: '127.0.0.1',
      port,
      maxBodyBytes: limit,
      now: Date.now,
      receive: reply,
    });
    await expect(again).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('Set PORT'),
    });
  });

  it('says so too of the port for TLS, and leaves the other one free', async () => {
    const { cert, key } = await makeCertificate(temporaryFolder());
    const taken = Number(new URL(server.tlsUrl ?? '').port);
    const options = { host: '127.0.0.1', maxBodyBytes: limit, now: Date.now, receive: reply };
    const free = await startServer({ ...options, port: 0 });
    const port = Number(new URL(free.url).port);
    await free.close(0);
    await expect(startServer({ ...options, port, tls: { cert, key, port: taken } })).rejects.toMatchObject({
      message: expect.stringContaining('Set TLS_PORT'),
    });
    await (await startServer({ ...options, port })).close(0);
  });

  it('finishes what is under way before it closes, but not for ever', async () => {
    const other = (receive: typeof reply) =>
      startServer({ host: '127.0.0.1', port: 0, maxBodyBytes: limit, now: Date.now, receive });
    const arrival = () => {
      let arrived = () => {};
      return { seen: new Promise<void>((resolve) => (arrived = resolve)), arrived: () => arrived() };
    };
    const first = arrival();
    const slow = await other(() => {
      first.arrived();
      return new Promise((resolve) => setTimeout(() => resolve(jsonResponse(202, {})), 150));
    });
    const answer = fetch(slow.webhookUrl, { method: 'POST' });
    await first.seen;
    await slow.close(2_000);
    expect((await answer).status).toBe(202);

    const second = arrival();
    const hanging = await other(() => {
      second.arrived();
      return new Promise(() => {});
    });
    const cut = fetch(hanging.webhookUrl, { method: 'POST' }).catch(() => 'cut off');
    await second.seen;
    await hanging.close(100);
    expect(await cut).toBe('cut off');
  });

  it.each([
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+\/webhooks\/pagerduty$/],
    ['localhost', /^http:\/\/localhost:\d+\/webhooks\/pagerduty$/],
  ])('listening on %s, gives a URL that can be opened', async (host, url) => {
    const other = await startServer({ host, port: 0, maxBodyBytes: limit, now: Date.now, receive: reply });
    expect(other.webhookUrl).toMatch(url);
    expect((await fetch(other.healthUrl)).status).toBe(200);
    await other.close(0);
  });
});
