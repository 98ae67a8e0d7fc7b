import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings } from '../../lib/adapters/config/environment.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { greeting } from '../../lib/local/greeting.ts';
import { type LocalBridge, startBridge } from '../../lib/local/start-bridge.ts';
import { createTestTelemetry } from '../support/bridge.ts';
import { type Account, createAccount, type StandInSubscription } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { pdbridge, type Ran } from './run-cli.ts';

const telemetry = createTestTelemetry();
let bridge: LocalBridge;
let account: Account;
let served: ServedAccount;
let environment: Record<string, string>;
let kept: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'subscribe-'));
  const config = join(folder, 'bridge.yml');
  await writeFile(config, 'destinations: [{ name: screen, type: console }]\n');
  account = createAccount({ now: Date.now }, { newSecret: (number) => `canary-${number}-of-pagerduty` });
  account.sendPing = (subscription) => void ping(subscription);
  served = await serveAccount(account);
  environment = {
    PORT: '0',
    DYNAMODB_PORT: '0',
    BRIDGE_DATA_DIR: join(folder, 'data'),
    BRIDGE_CONFIG: config,
    PAGERDUTY_TOKEN: 'full-key',
    PAGERDUTY_API_URL: served.url,
  };
  kept = join(folder, 'data', 'pagerduty-signing-secrets');
  const settings = readLocalSettings(environment);
  bridge = await startBridge({ settings, environment, telemetry, print: () => {} });
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
});

async function ping({ id, secret }: StandInSubscription): Promise<number> {
  const occurred_at = new Date().toISOString();
  const event = {
    id: `01${id}${occurred_at}`,
    event_type: 'pagey.ping',
    resource_type: 'pagey',
    occurred_at,
  };
  const body = JSON.stringify({ event: { ...event, data: { type: 'ping' } } });
  const signature = sign(new TextEncoder().encode(body), secret);
  const headers = { 'x-pagerduty-signature': signature, 'x-webhook-subscription': id };
  return (await fetch(bridge.ready.webhook_url, { method: 'POST', headers, body })).status;
}

const all: Ran[] = [];
async function subscribe(more: Record<string, string> = {}, ...args: string[]): Promise<Ran> {
  const ran = await pdbridge(['subscribe', ...args], { environment: { ...environment, ...more } });
  all.push(ran);
  return ran;
}

it('says with --dry-run what would be done, and does nothing', async () => {
  const { code, out } = await subscribe({}, '--dry-run');
  expect(out).toContain('to do: a subscription is made, and its secret kept in file:');
  expect(out).toContain('Nothing was changed');
  expect([code, account.subscriptions]).toEqual([0, []]);
});

it('with a key that may only read says what is to be done and which key it takes, and ends with 1', async () => {
  const { code, out, err } = await subscribe({ PAGERDUTY_TOKEN: 'read-key' });
  expect(code).toBe(1);
  expect(out).toContain('to do: a subscription is made');
  expect(err).toContain('pagerduty.write_token');
  expect(account.subscriptions).toEqual([]);
});

it('makes the subscription, keeps its secret where the running bridge reads it at once, and says it nowhere', async () => {
  const { code, out } = await subscribe({}, '--env', 'prod', '--description', 'catalog bridge, here');
  expect(out).toMatch(
    /^✓ a subscription is made.*\n✓ PMADE01: switched on\n✓ PMADE01: a ping.*\nPMADE01 leads to http/,
  );
  expect(code).toBe(0);
  expect(account.subscriptions).toMatchObject([
    { active: true, description: 'catalog bridge, here', headers: [{ name: 'dd_env', value: 'prod' }] },
  ]);
  expect(await readFile(kept, 'utf8')).toBe('canary-1-of-pagerduty\n');
  expect((await stat(kept)).mode & 0o777).toBe(0o600);
});

it('done again, does nothing', async () => {
  const before = account.asked.length;
  const { code, out } = await subscribe({}, '--env', 'prod');
  expect([code, out]).toEqual([0, `Nothing to do: PMADE01 leads to ${bridge.ready.webhook_url}.\n`]);
  expect(account.asked.slice(before).filter((each) => !each.startsWith('GET '))).toEqual([]);
});

it('does not replace one whose headers it would lose', async () => {
  const { code, err } = await subscribe({}, '--rotate');
  expect(code).toBe(1);
  expect(err).toMatch(/PMADE01 has to be replaced, and sends the headers dd_env, .*; say --env\./);
});

it('rotates in one command', async () => {
  const { code, json } = await subscribe({}, '--rotate', '--env', 'prod', '--json');
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    dry_run: false,
    subscription_id: 'PMADE02',
    surplus: [],
    steps: [
      { do: 'create' },
      { do: 'change', id: 'PMADE02' },
      { do: 'prove', id: 'PMADE02' },
      { do: 'remove', id: 'PMADE01' },
    ],
    old_secrets_until: expect.any(String),
  });
  expect(account.subscriptions.map(({ id }) => id)).toEqual(['PMADE02']);
  expect(await readFile(kept, 'utf8')).toBe('canary-1-of-pagerduty,canary-2-of-pagerduty\n');
});

it('names another one that leads here, ends with 1, and removes it when told to', async () => {
  const [one] = account.subscriptions;
  if (one) account.subscriptions.unshift({ ...one, id: 'POTHER1' });
  const { code, err } = await subscribe({}, '--env', 'prod');
  expect(code).toBe(1);
  expect(err).toContain('POTHER1 leads here too');
  expect((await subscribe({}, '--env', 'prod', '--prune')).code).toBe(0);
  expect(account.subscriptions.map(({ id }) => id)).toEqual(['PMADE02']);
});

it.each([
  [['--filter', 'everything'], '--filter is account'],
  [['--store', 'somewhere'], '--store is ssm:'],
  [['--url', 'nowhere'], '--url is not a URL'],
])('with %j is wrong usage', async (args, words) => {
  const { code, err } = await subscribe({}, ...args);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

it('does not tell PagerDuty to send to this machine', async () => {
  const { code, err } = await subscribe({ PAGERDUTY_API_URL: 'https://api.pagerduty.example.com' });
  expect(code).toBe(2);
  expect(err).toContain('give the https:// address of a tunnel');
});

it('no secret is in any output, in the log, in what npm start says or in ready.json', async () => {
  const text = await (await fetch(bridge.ready.health_url)).text();
  const ready = await readFile(join(environment['BRIDGE_DATA_DIR'] ?? '', 'ready.json'), 'utf8');
  const said = greeting(bridge, readLocalSettings(environment)).join('\n');
  const everything = [
    ...all.map(({ out, err }) => out + err),
    JSON.stringify(telemetry.lines),
    ready,
    said,
    text,
  ];
  expect(all.length).toBeGreaterThan(8);
  expect(everything.join('\n')).not.toMatch(/canary|full-key/);
});
