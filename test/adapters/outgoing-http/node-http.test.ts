import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import { HttpFault, type HttpRequest } from '../../../lib/ports.ts';
import { type Answer, closedPort, type LocalServer, startServer } from './local-server.ts';

const laptop = createNodeHttp({ allowLoopback: true });
const aws = createNodeHttp({ allowLoopback: false });
const servers: LocalServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(behave: (answer: Answer) => void): Promise<LocalServer> {
  const server = await startServer(behave);
  servers.push(server);
  return server;
}

/** Speaks whatever it is told to, to the n-th request of all its connections. */
async function serveRaw(behave: (socket: Socket, nth: number) => void) {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (bytes.includes('hellö')) behave(socket, ++requests);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const request = (url: string, change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'text/plain' },
  body: 'hellö',
  timeoutMs: 2000,
  ...change,
});

async function faultOf(promise: Promise<unknown>): Promise<HttpFault> {
  const fault = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof HttpFault)) throw new Error(`expected an HttpFault, not ${String(fault)}`);
  return fault;
}

describe('a request', () => {
  it('arrives as it is, and its answer comes back', async () => {
    const server = await serve((answer) => answer.writeHead(201, { 'X-Thing': ['a', 'b'] }).end('fine'));
    const answer = await laptop.send(request(`${server.url}/path?query=1`));
    expect(server.received).toMatchObject([
      {
        method: 'POST',
        path: '/path?query=1',
        body: 'hellö',
        headers: { 'content-length': '6', 'content-type': 'text/plain' },
      },
    ]);
    expect(answer).toMatchObject({ status: 201, body: 'fine', headers: { 'x-thing': 'a, b' } });
  });

  it.each([301, 302, 307, 308])('is not sent on to where a %i points', async (status) => {
    const elsewhere = await serve((answer) => answer.end());
    const server = await serve((answer) => answer.writeHead(status, { location: elsewhere.url }).end());
    expect((await laptop.send(request(server.url))).status).toBe(status);
    expect(elsewhere.received).toEqual([]);
  });

  it('keeps 2 KiB of an answer that does not end', async () => {
    const server = await serve((answer) => {
      const more = () => answer.write('x'.repeat(1000), () => answer.destroyed || setImmediate(more));
      answer.writeHead(500);
      more();
    });
    const { status, body } = await laptop.send(request(server.url));
    expect([status, body]).toEqual([500, 'x'.repeat(2048)]);
  });

  it('ends after its timeout when nothing answers', async () => {
    const server = await serve(() => undefined);
    const started = Date.now();
    const fault = await faultOf(laptop.send(request(server.url, { timeoutMs: 200 })));
    expect(fault.timedOut).toBe(true);
    expect(fault.message).toBe(`no answer from 127.0.0.1:${server.port} within 200 ms`);
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it('ends after its timeout when an answer begins and drips; the status it began with counts', async () => {
    const server = await serve((answer) => {
      answer.writeHead(200);
      const drip = setInterval(() => answer.write('.'), 20);
      answer.on('close', () => clearInterval(drip));
    });
    const started = Date.now();
    expect((await laptop.send(request(server.url, { timeoutMs: 300 }))).status).toBe(200);
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it('counts as answered when the connection is reset in the middle of the body', async () => {
    const server = await serve((answer) => {
      answer.writeHead(202, { 'content-length': 100 });
      answer.write('begin', () => setTimeout(() => answer.socket?.resetAndDestroy(), 50));
    });
    expect(await laptop.send(request(server.url))).toMatchObject({ status: 202, body: 'begin' });
  });

  it('is a fault when the connection is reset before an answer', async () => {
    const server = await serve((answer) => answer.socket?.resetAndDestroy());
    const fault = await faultOf(laptop.send(request(server.url)));
    expect([fault.timedOut, fault.message]).toEqual([false, expect.stringMatching(/^no answer from 127/)]);
    expect(server.received).toHaveLength(1);
  });

  it('is a fault when what answers does not speak HTTP', async () => {
    const babble = createServer((socket: Socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => babble.listen(0, '127.0.0.1', resolve));
    const fault = await faultOf(
      laptop.send(request(`http://127.0.0.1:${(babble.address() as AddressInfo).port}`)),
    );
    expect(fault.message).toContain('no answer from');
    await new Promise((resolve) => babble.close(resolve));
  });

  describe.each([false, true])(
    'to a receiver that wants another protocol (on a kept connection: %s)',
    (kept) => {
      it.each([
        ['says so', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'],
        ['says it badly', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
        [
          'says it and babbles on',
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nbabble',
        ],
      ])('ends at once as a fault when it %s', async (_, answer) => {
        const server = await serveRaw((socket, nth) => {
          if (kept && nth === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
          else socket.write(answer);
        });
        if (kept) await laptop.send(request(server.url));
        const started = Date.now();
        const fault = await faultOf(laptop.send(request(server.url, { timeoutMs: 1500 })));
        expect(fault.message).toMatch(/another protocol|closed before an answer|no answer from/);
        expect(Date.now() - started).toBeLessThan(3000);
        await server.stop();
      });
    },
  );

  it.each([
    ['only 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n', false],
    ['103 Early Hints again and again', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', true],
    ['half a status line', 'HTTP/1.', false],
  ])('ends at its timeout when all that comes is %s', async (_, text, again) => {
    const server = await serveRaw((socket) => {
      socket.write(text);
      const more = again ? setInterval(() => socket.write(text), 50) : undefined;
      socket.on('close', () => clearInterval(more));
    });
    const started = Date.now();
    const fault = await faultOf(laptop.send(request(server.url, { timeoutMs: 300 })));
    expect([fault.timedOut, Date.now() - started < 1500]).toEqual([true, true]);
    await server.stop();
  });

  it('is a fault when nobody listens, without the path, which may hold a token', async () => {
    const port = await closedPort();
    const fault = await faultOf(laptop.send(request(`http://127.0.0.1:${port}/CANARY?token=CANARY`)));
    expect(fault.message).toContain('ECONNREFUSED');
    expect(fault.message).not.toContain('CANARY');
  });

  it('is sent once more when a kept connection was closed just as it was used', async () => {
    let requests = 0;
    const server = await serve((answer) => {
      requests += 1;
      // The second request meets a server that has given the kept connection up.
      if (requests === 2) answer.socket?.resetAndDestroy();
      else answer.end('ok');
    });
    await laptop.send(request(server.url));
    expect((await laptop.send(request(server.url))).body).toBe('ok');
    expect(requests).toBe(3);
  });
});

describe('what a request may go to', () => {
  it.each([
    'http://127.0.0.1:1/',
    'https://127.0.0.1:1/',
    'https://[::1]:1/',
    'https://localhost:1/',
    'https://0x7f.1:1/',
    'https://2130706433:1/',
    'https://[::ffff:127.0.0.1]:1/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
  ])('is on AWS not this machine or its network: %s', async (url) => {
    const { message } = await faultOf(aws.send(request(url)));
    expect(message).toMatch(/loopback|metadata|private/);
  });

  it('is on AWS not this machine, not even for a destination that may be private', async () => {
    const server = await serve((answer) => answer.end());
    const { message } = await faultOf(aws.send(request(server.url, { allowPrivate: true })));
    expect(message).toContain('loopback');
    expect(server.received).toEqual([]);
  });

  it.each(['http://example.com/', 'http://10.0.0.1/'])('is never unencrypted elsewhere: %s', async (url) => {
    const { message } = await faultOf(laptop.send(request(url, { allowPrivate: true })));
    expect(message).toContain('not encrypted');
  });

  it('is no other protocol', async () => {
    expect((await faultOf(laptop.send(request('file:///etc/passwd')))).message).toContain('not a protocol');
  });

  it('is judged by what its name resolves to, at the time of connecting', async () => {
    const server = await serve((answer) => answer.end());
    const name = `http://localhost:${server.port}`;
    expect((await laptop.send(request(name))).status).toBe(200);
    expect((await faultOf(aws.send(request(name)))).message).toContain(
      'localhost resolves to nothing a request may go to',
    );
  });

  it('is a fault when its name does not resolve', async () => {
    const fault = await faultOf(laptop.send(request('https://does-not-exist.invalid/')));
    expect(fault.message).toMatch(/does-not-exist\.invalid/);
  });
});
