import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { webhookBody } from '../support/webhooks.ts';
import { asNpmDoes, type BridgeProcess, eventually, launchBridge, startBridge } from './bridge-process.ts';
import { localClient } from './local-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = temporaryFolder();
const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 10, 0, second)).toISOString();
const triggered = (incident: string, id = `E-${incident}`) =>
  webhookBody('incident.triggered', { id, at: at(0), data: { id: incident } });

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}
const catalog = file(
  'catalog.yaml',
  `apiVersion: v3
kind: service
metadata: { name: checkout-api, owner: payments }
integrations: { pagerduty: { serviceURL: 'https://acme.pagerduty.com/service-directory/PF9KMXH' } }
`,
);

async function rows(bridge: BridgeProcess, table: string): Promise<Record<string, unknown>[]> {
  const { dynamodb_endpoint, table_prefix } = bridge.ready;
  const answer = await localClient(dynamodb_endpoint).send(
    new ScanCommand({ TableName: table_prefix + table }),
  );
  return (answer.Items ?? []).map((item) => unmarshall(item));
}

async function stop(bridge: BridgeProcess): Promise<void> {
  bridge.process.kill('SIGTERM');
  await bridge.ended;
}

let receiver: Receiver;
let environment: Record<string, string>;
beforeAll(async () => {
  receiver = await startReceiver();
  const config = file(
    'bridge.yml',
    `destinations:\n  - { name: hook, type: webhook, url: '${receiver.url}' }\n`,
  );
  environment = { BRIDGE_CONFIG: config, BRIDGE_CATALOG: catalog };
});
beforeEach(() => {
  receiver.received.length = 0;
});
afterAll(() => receiver.close());

describe('npm start', () => {
  it('says that it is ready in one line and in ready.json, and ends cleanly within 5 seconds', async () => {
    const dataDir = join(root, 'clean');
    const bridge = await startBridge(dataDir, environment, asNpmDoes);
    expect(bridge.ready).toEqual({
      webhook_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/webhooks\/pagerduty$/),
      health_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/health$/),
      api_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      dynamodb_endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      table_prefix: 'pagerduty-bridge-local-',
      pid: bridge.process.pid,
      config_fingerprint: expect.stringMatching(/^sha256-[0-9a-f]{16}$/),
    });
    expect(JSON.parse(readFileSync(join(dataDir, 'ready.json'), 'utf8'))).toEqual(bridge.ready);
    expect(await (await fetch(bridge.ready.health_url)).json()).toEqual({
      status: 'ok',
      webhooks: { since: expect.any(String) },
    });
    expect((await bridge.post(triggered('QCLEAN'))).status).toBe(202);

    const started = Date.now();
    bridge.process.kill('SIGTERM');
    expect(await bridge.ended).toBe(0);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(existsSync(join(dataDir, 'ready.json'))).toBe(false);
    await expect(fetch(bridge.ready.health_url)).rejects.toThrow();
  });

  it('takes of a catalog what can be read, says what cannot, and nothing of files that are no definitions', async () => {
    const folder = join(root, 'catalog-and-more');
    mkdirSync(folder);
    copyFileSync(catalog, join(folder, 'checkout.yaml'));
    writeFileSync(join(folder, 'values.yaml'), 'replicas: 3\n');
    writeFileSync(join(folder, 'faulty.yaml'), 'schema-version: v2.2\nteam: nobody\n');
    const bridge = await startBridge('memory', { ...environment, BRIDGE_CATALOG: folder });
    expect(bridge.lines).toContainEqual(expect.stringMatching(/^catalog +1 entry from 2 files$/));
    expect(bridge.lines).toContainEqual(
      expect.stringMatching(/^ +warning +.*faulty\.yaml:1: dd-service is missing/),
    );
    expect(bridge.lines.join('\n')).not.toContain('values.yaml');
    await stop(bridge);
  });

  it('keeps rows and secret over a restart; the secret is readable by nobody else', async () => {
    const dataDir = join(root, 'restart');
    const first = await startBridge(dataDir, environment);
    const secret = readFileSync(join(dataDir, 'signing-secret'), 'utf8').trim();
    expect(first.lines.join('\n')).toContain(secret);
    expect(statSync(join(dataDir, 'signing-secret')).mode & 0o777).toBe(0o600);
    await first.post(triggered('QKEPT'));
    await eventually(
      () => receiver.received.length,
      (count) => count === 1,
    );
    await stop(first);

    const second = await startBridge(dataDir, environment);
    expect(second.lines.join('\n')).toContain(secret);
    expect(await rows(second, 'events')).toMatchObject([{ incident_id: 'QKEPT', event_id: 'E-QKEPT' }]);
    expect((await second.post(triggered('QKEPT'))).body['status']).toBe('duplicate');
    await stop(second);
    expect(receiver.received).toHaveLength(1);
  });

  it('forwards after a kill -9 what was accepted just before it', async () => {
    const dataDir = join(root, 'killed');
    const first = await startBridge(dataDir, environment);
    expect((await first.post(triggered('QKILLED'))).status).toBe(202);
    first.process.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = await startBridge(dataDir, environment);
    expect(second.lines.join('\n')).toContain('the last run did not end cleanly');
    expect(await rows(second, 'events')).toMatchObject([{ incident_id: 'QKILLED' }]);
    await eventually(
      () => receiver.received.map(({ json }) => json.id),
      (ids) => ids.includes('E-QKILLED'),
      60_000,
    );
    await stop(second);
  });

  it('writes and forwards an event once, however often it is sent at the same time', async () => {
    const bridge = await startBridge('memory', { ...environment, PAGERDUTY_SIGNING_SECRETS: 's' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => bridge.post(triggered('QMANY'))));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(answers.filter(({ body }) => body['status'] === 'accepted')).toHaveLength(1);
    await eventually(
      () => receiver.received.length,
      (count) => count > 0,
    );
    await bridge.post(triggered('QMANY', 'E-LAST'));
    await eventually(
      () => receiver.received.length,
      (count) => count > 1,
    );
    expect(await rows(bridge, 'events')).toHaveLength(2);
    expect(receiver.received.map(({ json }) => json.id)).toEqual(['E-QMANY', 'E-LAST']);
    await stop(bridge);
  });

  it('ends in time although a destination hangs; what it is owed stays owed', async () => {
    const hook = createServer(() => {});
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const config = file('hanging.yml', `destinations:\n  - { name: hook, type: webhook, url: '${url}' }\n`);
    const dataDir = join(root, 'hanging');
    const first = await startBridge(dataDir, { ...environment, BRIDGE_CONFIG: config });
    const reached = new Promise((resolve) => hook.once('request', resolve));
    await first.post(triggered('QHANG'));
    await reached;
    const started = Date.now();
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(Date.now() - started).toBeLessThan(5_000);

    const second = await startBridge(dataDir, { ...environment, BRIDGE_CONFIG: config });
    expect(await rows(second, 'deliveries')).toMatchObject([{ incident_id: 'QHANG', status: 'pending' }]);
    await stop(second);
    hook.closeAllConnections();
    hook.close();
  });

  it('keeps nothing in memory mode', async () => {
    const bridge = await startBridge('memory', environment);
    expect(existsSync('memory')).toBe(false);
    await stop(bridge);
  });

  it('listens where DYNAMODB_ENDPOINT says, without a database of its own', async () => {
    const database = await startBridge('memory', environment);
    const { dynamodb_endpoint } = database.ready;
    const dataDir = join(root, 'external');
    const settings = { ...environment, DYNAMODB_ENDPOINT: dynamodb_endpoint, BRIDGE_TABLE_PREFIX: 'other-' };
    const bridge = await startBridge(dataDir, settings);
    expect(bridge.ready).toMatchObject({ dynamodb_endpoint, table_prefix: 'other-' });
    await bridge.post(triggered('QOTHER'));
    await eventually(
      () => receiver.received.length,
      (count) => count === 1,
    );
    expect(await rows(bridge, 'incidents')).toMatchObject([
      { incident_id: 'QOTHER', services: ['checkout-api'] },
    ]);

    const second = launchBridge(dataDir, settings);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`in use by the bridge with pid ${bridge.process.pid}`);
    await stop(bridge);
    await stop(database);
  });
});

describe('the answers of npm start', () => {
  let bridge: BridgeProcess;
  const body = Buffer.from(JSON.stringify(triggered('QANSWER')));
  const good = (bytes: Uint8Array | string) => ({
    'x-pagerduty-signature': sign(Buffer.from(bytes), 'secret'),
  });
  beforeAll(async () => {
    bridge = await startBridge('memory', { ...environment, PAGERDUTY_SIGNING_SECRETS: 'older, secret' });
  });
  afterAll(() => stop(bridge));

  const unknown = JSON.stringify(webhookBody('incident.exploded', { at: at(1), data: { id: 'QANSWER' } }));
  const ping = JSON.stringify(webhookBody('pagey.ping', { at: at(2) }));
  const large = 'x'.repeat(600 * 1024);
  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['a good signature', body, good(body), 202, 'accepted'],
    ['the same again', body, good(body), 202, 'duplicate'],
    [
      'a wrong signature',
      body,
      { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` },
      503,
      'authentication_failed',
    ],
    ['a wrong API key', body, { 'x-api-key': 'wrong' }, 503, 'authentication_failed'],
    ['no credentials', body, {}, 401, 'unauthenticated'],
    ['no JSON', 'not json', good('not json'), 202, 'quarantined'],
    ['an unknown event type', unknown, good(unknown), 202, 'accepted'],
    ['a ping', ping, good(ping), 202, 'pong'],
    ['600 KB', large, good(large), 413, 'body_too_large'],
  ])('%s', async (_, bytes, headers, status, answer) => {
    const got = await bridge.post(bytes, headers);
    expect({ status: got.status, answer: got.body['status'] ?? got.body['error'] }).toEqual({
      status,
      answer,
    });
  });

  it('another method', async () => {
    const got = await fetch(bridge.ready.webhook_url);
    expect(got.status).toBe(405);
    expect(await got.json()).toMatchObject({ error: 'method_not_allowed' });
  });
});

describe('npm start with API keys', () => {
  it('generates no secret and takes what carries a key', async () => {
    const dataDir = join(root, 'keys');
    const bridge = launchBridge(dataDir, { ...environment, BRIDGE_API_KEYS: 'k1,k2' });
    const ready = JSON.parse((await bridge.line(/^ready /)).slice(6));
    expect(existsSync(join(dataDir, 'signing-secret'))).toBe(false);
    const send = (headers: Record<string, string>) =>
      fetch(ready.webhook_url, { method: 'POST', headers, body: JSON.stringify(triggered('QKEY')) });
    expect((await send({ 'DD-API-KEY': 'k2' })).status).toBe(202);
    expect((await send({ 'DD-API-KEY': 'k3' })).status).toBe(503);
    bridge.process.kill('SIGINT');
    expect(await bridge.ended).toBe(0);
  });
});

describe('npm start refuses to start', () => {
  const faulty = (yaml: string) => file(`faulty-${yaml.length}.yml`, yaml);
  it.each<[string, Record<string, () => string>, RegExp]>([
    [
      'with a faulty configuration',
      { BRIDGE_CONFIG: () => faulty('destinatons: []') },
      /faulty.*:1 .*destinations/s,
    ],
    [
      'without its configuration',
      { BRIDGE_CONFIG: () => '/not/there.yml' },
      /^The configuration \/not\/there\.yml does not exist\. BRIDGE_CONFIG/,
    ],
    [
      'with a faulty catalog',
      { BRIDGE_CATALOG: () => 'test/fixtures/catalog/broken/no-name.yaml' },
      /BRIDGE_CATALOG has faults:\n {2}test/,
    ],
    ['with a port that is none', { PORT: () => 'eighty' }, /PORT must be a port/],
    [
      'with a secret that is not set',
      {
        BRIDGE_CONFIG: () =>
          faulty('authenticate: { signing_secrets: env:NOT_SET_ANYWHERE }\ndestinations: []'),
      },
      /NOT_SET_ANYWHERE is not set/,
    ],
  ])('%s, and says why in a line', async (_, changes, reason) => {
    const changed = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value()]));
    const child = launchBridge('memory', { ...environment, ...changed });
    expect(await child.ended).toBe(1);
    expect(child.errors()).toMatch(reason);
    expect(child.errors()).not.toMatch(/\n\s+at /);
    expect(child.lines).toEqual([]);
  });

  it('on a data folder that another one uses, and leaves that one alone', async () => {
    const dataDir = join(root, 'used');
    const bridge = await startBridge(dataDir, environment);
    const second = launchBridge(dataDir, environment);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`in use by the process with pid ${bridge.process.pid}`);
    expect((await bridge.post(triggered('QUSED'))).status).toBe(202);
    expect(existsSync(join(dataDir, 'ready.json'))).toBe(true);
    await stop(bridge);
  });

  it('on a port that is taken', async () => {
    const bridge = await startBridge('memory', environment);
    const { port } = new URL(bridge.ready.webhook_url);
    const second = launchBridge('memory', { ...environment, PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`Port ${port} is taken. Set PORT`);
    await stop(bridge);
  });
});
