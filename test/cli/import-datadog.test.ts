import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MemoryEndpoint, startMemoryEndpoint } from '../support/memory-endpoint.ts';
import { scan } from '../support/scan.ts';
import { pdbridge } from './run-cli.ts';

const now = Date.UTC(2026, 2, 2, 10);
const keys = { DD_API_KEY: 'the-api-key', DD_APP_KEY: 'the-app-key' };
const lists = {
  failures: [
    {
      id: '5f0c2ad1-8a43-4a5f-9c1e-2f3b7d9e1a10',
      type: 'dora_failure',
      attributes: {
        services: ['checkout-api'],
        env: 'prod',
        name: 'Carts are empty',
        started_at: '2026-02-27T09:00:00Z',
        finished_at: '2026-02-27T09:40:00Z',
      },
    },
    { id: 'of-no-time', type: 'dora_failure', attributes: { services: ['checkout-api'] } },
  ],
  deployments: [
    {
      id: '7b1d4ce2-0f65-4c3b-b1d7-90a2c4e6f811',
      type: 'dora_deployment',
      attributes: {
        service: 'checkout-api',
        env: 'prod',
        version: '2.4.0',
        started_at: '2026-02-27T08:50:00Z',
        finished_at: '2026-02-27T08:55:00Z',
      },
    },
  ],
};
let status = 200;
const api = createServer(async (request, response) => {
  const list = request.url?.split('/').at(-1) as keyof typeof lists;
  let text = '';
  for await (const chunk of request) text += chunk;
  const { from, to } = JSON.parse(text).data.attributes;
  const isIn = (at: string | undefined) =>
    at === undefined || (Date.parse(at) >= Date.parse(from) && Date.parse(at) <= Date.parse(to));
  const isAllowed =
    request.headers['dd-api-key'] === keys.DD_API_KEY &&
    request.headers['dd-application-key'] === keys.DD_APP_KEY;
  const data = lists[list].filter(({ attributes }) =>
    isIn('started_at' in attributes ? attributes.started_at : undefined),
  );
  response.writeHead(isAllowed ? status : 403).end(JSON.stringify({ data }));
});
let database: MemoryEndpoint;
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/`;
  database = await startMemoryEndpoint();
});
afterAll(async () => {
  api.close();
  await database.stop();
});
beforeEach(() => {
  status = 200;
});

const run = (args: string[], environment: Record<string, string> = keys) =>
  pdbridge(
    ['import', 'datadog', ...args, '--endpoint-url', database.endpoint, '--table-prefix', database.prefix],
    { environment, now },
  );

describe('pdbridge import datadog', () => {
  it('reads failures and deployments into the log once, and says what it has left out', async () => {
    const first = await run(['--since', '30d', '--url', url]);
    expect(first.code).toBe(0);
    expect(first.out).toContain('2 failures read: 1 imported, 0 imported before, 0 known already.');
    expect(first.out).toContain('Left out: of-no-time: ');
    expect(first.out).toContain('1 deployment read: 1 imported');
    expect(first.err).toMatch(/1 deployments read, back to 2026-0/);
    const rows = await scan(database.store, 'events');
    expect(rows.map(({ event_type }) => event_type).sort()).toEqual([
      'deployment.reported',
      'incident.resolved',
    ]);
    const again = await run(['--since', '30d', '--url', url, '--json']);
    expect(again.json()).toMatchObject({
      failures: { imported: 0, before: 1 },
      deployments: { imported: 0, before: 1 },
    });
    expect(await scan(database.store, 'events')).toHaveLength(rows.length);
  });

  it.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['no keys', ['--since', '30d'], {}, 2, /set DD_API_KEY and DD_APP_KEY/],
    ['no time', ['--since', 'yesterday'], keys, 2, /--since is not a time: "yesterday"/],
    ['a range that ends before it begins', ['--since', '1d', '--until', '2d'], keys, 2, /must lie before/],
    ['no address', ['--since', '1d', '--url', 'datadog'], keys, 2, /This is no address: datadog/],
  ])('refuses %s', async (_what, args, environment, code, sentence) => {
    const { code: exit, err } = await run(args, environment);
    expect(err).toMatch(sentence);
    expect(exit).toBe(code);
  });

  it('says why Datadog gives nothing, that what was read is kept, and no key', async () => {
    const { code, out, err } = await run(['--since', '30d', '--url', url], {
      ...keys,
      DD_APP_KEY: 'another',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/answered 403 .* What was read is kept/);
    expect(out + err).not.toMatch(/the-api-key|another/);
    status = 404;
    expect((await run(['--since', '30d', '--url', url])).err).toContain('until 31 March 2027');
  });
});
