import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings } from '../../lib/adapters/config/environment.ts';
import { type LocalBridge, startBridge } from '../../lib/local/start-bridge.ts';
import { createTestTelemetry } from '../support/bridge.ts';
import { createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
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
