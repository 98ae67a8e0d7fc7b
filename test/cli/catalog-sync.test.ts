import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalServer, startServer } from '../adapters/outgoing-http/local-server.ts';
import { run } from '../local/child-process.ts';
import { type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let server: LocalServer;
let config: string;
let status = 200;
beforeAll(async () => {
  on = await startOnDatabase({}, { environment: { PORTAL_TOKEN: 'canary-token' } });
  server = await startServer((answer) =>
    answer.writeHead(status, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        items: [{ kind: 'Component', metadata: { name: 'cart' }, spec: { type: 'service', owner: 'web' } }],
        totalItems: 1,
        pageInfo: {},
      }),
    ),
  );
  config = join(await mkdtemp(join(tmpdir(), 'sync-')), 'bridge.yml');
  await writeFile(
    config,
    `catalog_sources:\n  - { name: portal, type: backstage, url: "${server.url}", token: "env:PORTAL_TOKEN" }\n`,
  );
});
afterAll(async () => {
  await on.stop();
  await server.stop();
});
const sync = (...args: string[]) => on.run('catalog', 'sync', ...args, '--config', config);

describe('pdbridge catalog sync', () => {
  it('shows what would change, then makes the source equal to the catalog', async () => {
    expect((await sync('portal', '--dry-run')).out).toMatch(
      /^Source "portal":\n\+ service cart\n[\s\S]*Nothing was changed/,
    );
    expect((await on.run('catalog', 'ls')).out).toContain('0 entries');
    expect((await sync()).code).toBe(0);
    expect((await on.run('catalog', 'ls')).out).toMatch(/cart +service +web +- +portal/);
    expect(server.received.every(({ headers }) => headers.authorization === 'Bearer canary-token')).toBe(
      true,
    );
  });

  it('ends with 1 when a source cannot be read, and says why without the token', async () => {
    status = 401;
    const { code, out, err } = await sync('--json');
    status = 200;
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ source: 'portal', error: 'source_unreadable' }]);
    expect(out + err).not.toContain('canary-token');
    expect((await on.run('catalog', 'ls')).out).toContain('1 entry');
  });

  it('waits for a source that is overloaded, as a process of its own, and then says so', async () => {
    status = 503;
    const child = run(
      process.execPath,
      [
        ...['lib/cli/pdbridge.mjs', 'catalog', 'sync', 'portal', '--config', config],
        ...['--endpoint-url', on.endpoint, '--table-prefix', on.prefix],
      ],
      { PORTAL_TOKEN: 'canary-token' },
    );
    expect(await child.ended).toBe(1);
    status = 200;
    expect(child.errors() + child.lines.join('\n')).toContain('answered 503');
  }, 60_000);

  it('knows the sources of the configuration only', async () => {
    const { code, err } = await sync('warehouse');
    expect(code).toBe(2);
    expect(err).toContain('it has: portal.');
  });
});
