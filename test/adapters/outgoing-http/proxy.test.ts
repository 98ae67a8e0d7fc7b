import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSdkClients } from '../../../lib/adapters/destinations/aws/sdk-clients.ts';
import { checkName } from '../../../lib/adapters/outgoing-http/check-name.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import { proxyFor } from '../../../lib/adapters/outgoing-http/proxy.ts';
import { startServer } from './local-server.ts';

const names = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
];
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
let proxy: Server;
let tunnels: { to: string; authorization: string | undefined }[];
let status: string;

beforeEach(async () => {
  tunnels = [];
  status = '403 Forbidden';
  proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push({ to: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  for (const name of names) delete process.env[name];
  process.env['HTTPS_PROXY'] = `http://ada:s3cret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const name of names) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await new Promise((resolve) => proxy.close(resolve));
});

const http = createNodeHttp({ allowLoopback: true });
const send = (url: string, allowPrivate = false) =>
  http.send({ method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5000, allowPrivate }).then(
    () => 'answered',
    (error: Error) => error.message,
  );

describe('with HTTPS_PROXY set, a request', () => {
  it('goes through the proxy, with its credentials, under the name it has', async () => {
    await send('https://receiver.invalid/hook');
    expect(tunnels).toEqual([
      { to: 'receiver.invalid:443', authorization: `Basic ${Buffer.from('ada:s3cret').toString('base64')}` },
    ]);
  });

  it.each(['403 Forbidden', '407 Proxy Authentication Required', '502 Bad Gateway', '400 Bad Request'])(
    'that the proxy refuses with %s is no answer of the receiver, and shows no password',
    async (answer) => {
      status = answer;
      const message = await send('https://receiver.invalid/hook');
      expect(message).toMatch(
        new RegExp(`^the proxy 127\\.0\\.0\\.1:\\d+ answered ${answer.slice(0, 3)} for receiver\\.invalid$`),
      );
    },
  );

  it('is not handed on to a private address as such, or one that gives out credentials', async () => {
    expect(await send('https://10.0.0.1/')).toContain('private address');
    expect(await send('https://169.254.169.254/', true)).toContain('metadata');
    expect(tunnels).toEqual([]);
  });

  it('stays on this machine where it is meant for it', async () => {
    const server = await startServer((answer) => answer.end());
    expect(await send(server.url)).toBe('answered');
    expect(tunnels).toEqual([]);
    await server.stop();
  });

  it('goes directly where NO_PROXY says so', () => {
    process.env['NO_PROXY'] = 'intern.example.com,.eu.example.com';
    expect(proxyFor(new URL('https://intern.example.com/x'))).toBeUndefined();
    expect(proxyFor(new URL('https://a.eu.example.com/x'))).toBeUndefined();
    expect(proxyFor(new URL('https://example.com/x'))).toBe(process.env['HTTPS_PROXY']);
  });

  it('of an AWS destination goes through it too', async () => {
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    const publish = await createSdkClients({ region: 'eu-central-1', credentials }).publish({});
    await publish(
      { TopicArn: 'arn:aws:sns:eu-central-1:123456789012:t', Message: '{}' },
      AbortSignal.timeout(5000),
    ).catch(() => undefined);
    expect(tunnels.map(({ to }) => to)).toEqual(['sns.eu-central-1.amazonaws.com:443']);
  });
});

describe('before a name is handed to a proxy', () => {
  const rules = { allowLoopback: false, allowPrivate: false };
  const standsFor =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address }));

  it.each([
    ['a private address', ['10.1.2.3'], 'private address'],
    ['a private one beside a public one', ['93.184.216.34', '192.168.0.1'], 'private address'],
    ['where credentials are given out', ['169.254.169.254'], 'metadata'],
    ['this machine', ['127.0.0.1'], 'loopback'],
  ])('it is refused if it stands for %s', async (_, addresses, reason) => {
    await expect(checkName('a.example.com', rules, standsFor(...addresses))).rejects.toThrow(reason);
  });

  it('it passes if it stands for public addresses, or for private ones that are allowed', async () => {
    await checkName('a.example.com', rules, standsFor('93.184.216.34', '2606:2800:220:1::1'));
    await checkName('a.example.com', { ...rules, allowPrivate: true }, standsFor('10.1.2.3'));
  });

  it('it passes if only the proxy can look it up', async () => {
    await checkName('a.example.com', rules, () => Promise.reject(new Error('ENOTFOUND')));
  });
});
