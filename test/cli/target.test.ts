import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveTarget } from '../../lib/cli/target.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const ready = {
  webhook_url: 'http://127.0.0.1:8787/webhooks/pagerduty',
  health_url: 'http://127.0.0.1:8787/health',
  dynamodb_endpoint: 'http://127.0.0.1:8000',
  table_prefix: 'local-',
  pid: process.pid,
};
const root = temporaryFolder();
const folder = (name: string, contents?: object | string) => {
  mkdirSync(join(root, name));
  if (contents) {
    writeFileSync(
      join(root, name, 'ready.json'),
      typeof contents === 'string' ? contents : JSON.stringify(contents),
    );
  }
  return join(root, name);
};
const io = (dataDir: string) => ({
  out: () => {},
  err: () => {},
  environment: { BRIDGE_DATA_DIR: dataDir },
  now: Date.now,
});
const here = io(folder('running', ready));

describe('the target', () => {
  it.each([
    [
      'is the bridge that runs here',
      {},
      'the bridge on this machine, http://127.0.0.1:8000, tables local-*',
      'local-events',
    ],
    [
      'is an endpoint with a prefix',
      { endpointUrl: 'http://127.0.0.1:9000', tablePrefix: 'x-' },
      'http://127.0.0.1:9000, tables x-*',
      'x-events',
    ],
    [
      'is a stage in a region',
      { stage: 'prod', region: 'eu-west-1' },
      'AWS region eu-west-1, tables pagerduty-bridge-prod-*',
      'pagerduty-bridge-prod-events',
    ],
    [
      'is a prefix in a region',
      { tablePrefix: 'x-', region: 'eu-west-1' },
      'AWS region eu-west-1, tables x-*',
      'x-events',
    ],
  ])('%s', async (_, options, description, table) => {
    const target = await resolveTarget(options, here);
    expect(target.description).toBe(description);
    expect(target.store.table('events')).toBe(table);
  });

  it.each([
    [{ endpointUrl: 'http://127.0.0.1:9000' }, '--table-prefix'],
    [{ endpointUrl: 'nonsense', tablePrefix: 'x-' }, 'not a URL'],
    [{ stage: 'prod', tablePrefix: 'x-', region: 'eu-west-1' }, 'give one of them'],
    [{ region: 'eu-west-1' }, '--stage'],
  ])('cannot be %j', async (options, message) => {
    await expect(resolveTarget(options, here)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['nothing', folder('empty')],
    ['a ready.json left by a process that has ended', folder('stale', { ...ready, pid: 2 ** 22 + 1 })],
    ['a broken ready.json', folder('broken', '{')],
    ['a bridge in memory, which keeps no ready.json', 'memory'],
  ])('fails with what to do when there is %s', async (_, dataDir) => {
    await expect(resolveTarget({}, io(dataDir))).rejects.toMatchObject({
      exitCode: 1,
      code: 'not_running',
      message: expect.stringContaining('npm start'),
    });
  });
});
