import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings } from '../../lib/adapters/config/environment.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { type LocalBridge, startBridge } from '../../lib/local/start-bridge.ts';
import { createTestTelemetry } from '../support/bridge.ts';
import { createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { webhookBody } from '../support/webhooks.ts';
import { pdbridge } from './run-cli.ts';

let bridge: LocalBridge;
let served: ServedAccount;
let environment: Record<string, string>;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  const config = join(folder, 'bridge.yml');
  await writeFile(config, 'destinations: [{ name: screen, type: console }]\n');
  served = await serveAccount(createAccount({ now: Date.now }));
  environment = {
    PORT: '0',
    DYNAMODB_PORT: '0',
    BRIDGE_DATA_DIR: join(folder, 'data'),
    BRIDGE_CONFIG: config,
    BRIDGE_CATALOG: 'lib/local/demo/catalog',
  };
  bridge = await startBridge({
    settings: readLocalSettings(environment),
    environment,
    telemetry: createTestTelemetry(),
    print: () => {},
  });
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
});
const doctor = (more: Record<string, string> = {}, ...args: string[]) =>
  pdbridge(['doctor', ...args], { environment: { ...environment, ...more } });

describe('pdbridge doctor', () => {
  it('finds nothing wrong with a healthy bridge on this machine, in less than 3 seconds of work', async () => {
    const before = process.cpuUsage();
    const { code, out } = await doctor();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3_000);
    expect(out).toMatch(/^- token .*\n {2,}→ export PAGERDUTY_TOKEN=…\n/);
    expect(out).toMatch(/\n✓ front door +http\S+ leads to the bridge/);
    expect(out).toMatch(/0 faults, 0 warnings, \d+ well, \d not looked at\.\n$/);
    expect(code).toBe(0);
  });

  it('with a key knows more, and says the secret nowhere', async () => {
    const key = { PAGERDUTY_TOKEN: 'read-key', PAGERDUTY_API_URL: served.url };
    const { code, json, out, err } = await doctor(key, '--json');
    expect(code).toBe(0);
    const { findings } = json() as { findings: { check: string; health: string }[] };
    expect(findings.filter(({ health }) => health === 'fault' || health === 'warning')).toEqual([]);
    expect(findings.find(({ check }) => check === 'token')).toMatchObject({ health: 'ok' });
    expect(bridge.generatedSecret).toMatch(/./);
    expect(out + err).not.toContain(bridge.generatedSecret);
    expect(out + err).not.toContain('read-key');
  });

  it('says when a webhook was refused because of its signature, and when the next was accepted', async () => {
    const send = (secret: string) => {
      const body = JSON.stringify(webhookBody('incident.triggered', { at: new Date().toISOString() }));
      const signature = sign(Buffer.from(body), secret);
      return fetch(bridge.ready.webhook_url, {
        method: 'POST',
        body,
        headers: { 'x-pagerduty-signature': signature },
      });
    };
    expect((await send('another')).status).toBe(503);
    const refused = await doctor();
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(
      /^✗ last webhook +a webhook with credentials that do not match was refused at/,
    );
    expect((await send(String(bridge.generatedSecret))).status).toBe(202);
    const accepted = await doctor();
    expect(accepted.code).toBe(0);
    expect(accepted.out).toMatch(
      /^! last webhook +a webhook with credentials .*\n.*signatures-do-not-match\n/,
    );
  });

  it('names the target in what mends it', async () => {
    const { dynamodb_endpoint: endpoint, table_prefix: prefix } = bridge.ready;
    const target = ['--endpoint-url', endpoint, '--table-prefix', prefix];
    const { out } = await doctor({}, ...target);
    expect(out).toContain(
      `→ npx pdbridge doctor --ping --endpoint-url ${endpoint} --table-prefix ${prefix}\n`,
    );
  });

  it('does not ask for the key of bridge.yml on a machine that has one of its own', async () => {
    const config = join(await mkdtemp(join(tmpdir(), 'doctor-')), 'bridge.yml');
    await writeFile(config, 'pagerduty: { token: ssm:/nobody/has/this }\n');
    const key = { PAGERDUTY_TOKEN: 'read-key', PAGERDUTY_API_URL: served.url };
    expect((await doctor(key, '--config', config)).out).not.toContain('pagerduty.token');
    expect((await doctor({}, '--config', config)).out).toContain('pagerduty.token cannot be read');
  });

  it('ends with 1 at any fault, the fault first', async () => {
    const { code, out } = await doctor({ PAGERDUTY_TOKEN: 'unknown', PAGERDUTY_API_URL: served.url });
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ token .*401/);
  });

  it('notices that the file has changed since the bridge was started', async () => {
    const changed = join(await mkdtemp(join(tmpdir(), 'doctor-')), 'bridge.yml');
    await writeFile(
      changed,
      '# a comment is no change\ndestinations:\n  - { name: screen, type: console }\n',
    );
    expect((await doctor({}, '--config', changed)).code).toBe(0);
    await writeFile(changed, 'default_env: prod\n');
    const { code, out } = await doctor({}, '--config', changed);
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ configuration .*\n {2,}→ stop it, and npm start\n/);
  });

  it('says what is wrong with a configuration that is not valid', async () => {
    const broken = join(await mkdtemp(join(tmpdir(), 'doctor-')), 'bridge.yml');
    await writeFile(broken, 'destination: []\n');
    const { code, err } = await doctor({}, '--config', broken);
    expect(code).toBe(1);
    expect(err).toContain('destinations');
  });
});
