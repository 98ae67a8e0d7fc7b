import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { pdbridge } from '../cli/run-cli.ts';
import { canary, canaryKey, createAviary, secretParts } from '../flow/deliver/canaries.ts';
import { type EchoServer, startEchoServer } from '../flow/deliver/echo-server.ts';
import { fiveEvents, pinnedService } from '../flow/deliver/five-events.ts';
import { type BridgeProcess, eventually, launchBridge, startBridge } from '../local/bridge-process.ts';
import { localClient } from '../local/local-client.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { clockAhead, jump } from '../local/until-at-rest.ts';
import { scan } from '../support/scan.ts';
import { webhookBody } from '../support/webhooks.ts';

const root = temporaryFolder();
const aviary = createAviary();
const signing = [
  aviary.add('signing secret', canary('signing')),
  aviary.add('next signing secret', canary('next')),
];
const apiKeys = [aviary.add('API key', canary('api'))];
const urlToken = aviary.add('token in a URL', canary('url'));
let echo: EchoServer;
let bridge: BridgeProcess;
let store: Store;
const environment: Record<string, string> = {
  PAGERDUTY_SIGNING_SECRETS: signing.join(','),
  BRIDGE_API_KEYS: apiKeys.join(','),
  BRIDGE_SWEEP_SECONDS: '0.5',
  NODE_OPTIONS: clockAhead(0),
  BRIDGE_INGEST_API_KEYS: aviary.add('key of those who report', canary('ingest')),
  BRIDGE_INGEST_APPLICATION_KEYS: aviary.add('application key of those who report', canary('manage')),
  GITHUB: aviary.add('secret of GitHub', canary('github')),
  GITLAB: aviary.add('token of GitLab', canary('gitlab')),
  HOOK: `${aviary.add('webhook secret', canaryKey())},${aviary.add('older webhook secret', canaryKey())}`,
  HOOK_BAD: aviary.add('webhook secret of a wrong shape', `whsec_${canary('wrong')}`),
  DD: aviary.add('Datadog API key', canary('dd')),
  DD_APP: aviary.add('Datadog application key', canary('ddapp')),
  DD_POLL: aviary.add('Datadog application key that lists deployments', canary('ddpoll')),
  AWS_ACCESS_KEY_ID: 'AKIDOFTHETESTS',
  AWS_SECRET_ACCESS_KEY: aviary.add('AWS secret key', canary('aws')),
  AWS_SESSION_TOKEN: aviary.add('AWS session token', canary('session')),
  AWS_REGION: 'eu-central-1',
};

const hooks = ['ok', 'refused', 'error', 'forbidden', 'busy', 'cut', 'redirect', 'reset', 'hang'];

function configuration(): string {
  const hookOf = (behaviour: string) =>
    `  - { name: ${behaviour}, type: webhook, url: '${echo.url}/${behaviour}/${urlToken}?t=${urlToken}', secret: env:HOOK, timeout_seconds: 1 }`;
  const datadogOf = (behaviour: string) =>
    `  - { name: dd-${behaviour}, type: datadog, base_url: '${echo.url}/${behaviour}', api_key: env:DD, application_key: env:DD_APP, timeout_seconds: 1 }`;
  const pollOf = (behaviour: string) =>
    `  - { name: poll-${behaviour}, type: datadog, base_url: '${echo.url}/${behaviour}', api_key: env:DD, application_key: env:DD_POLL, report: [deployments], datadog_deployments: poll }`;
  return [
    'authenticate: { signing_secrets: env:PAGERDUTY_SIGNING_SECRETS, api_keys: env:BRIDGE_API_KEYS }',
    'ingest: { github: { secret: env:GITHUB }, gitlab: { token: env:GITLAB } }',
    'destinations:',
    ...hooks.map(hookOf),
    ...['ok', 'refused', 'error', 'forbidden', 'busy', 'cut'].map(datadogOf),
    ...['ok', 'forbidden', 'cut'].map(pollOf),
    `  - { name: wrong, type: webhook, url: '${echo.url}/ok', secret: env:HOOK_BAD }`,
    `  - { name: missing, type: webhook, url: '${echo.url}/ok', secret: env:HOOK_MISSING }`,
    `  - { name: nowhere, type: webhook, url: 'http://127.0.0.1:1/${urlToken}', secret: env:HOOK }`,
    `  - { name: bus, type: eventbridge, bus: default, region: eu-central-1, endpoint: '${echo.url}/aws_json' }`,
    `  - { name: queue, type: sqs, queue_url: '${echo.url}/aws_json/q', endpoint: '${echo.url}/aws_json', region: eu-central-1 }`,
    `  - { name: topic, type: sns, topic_arn: 'arn:aws:sns:eu-central-1:123456789012:t', endpoint: '${echo.url}/aws_query' }`,
    '',
  ].join('\n');
}

beforeAll(async () => {
  echo = await startEchoServer();
  const config = join(root, 'bridge.yml');
  writeFileSync(config, configuration());
  const catalog = join(root, 'catalog.yaml');
  writeFileSync(
    catalog,
    `apiVersion: v3
kind: service
metadata: { name: checkout-api, owner: payments }
integrations: { pagerduty: { serviceURL: '${pinnedService.html_url}' } }
`,
  );
  Object.assign(environment, { BRIDGE_CONFIG: config, BRIDGE_CATALOG: catalog });
  bridge = await startBridge(join(root, 'data'), environment);
  const { dynamodb_endpoint, table_prefix } = bridge.ready;
  store = { db: localClient(dynamodb_endpoint), table: (name) => table_prefix + name };
});
afterAll(async () => {
  bridge.process.kill('SIGKILL');
  await echo.close();
});

const answers: string[] = [];
const printed: string[] = [];

async function post(body: object | string, headers: Record<string, string>): Promise<number> {
  const { status, body: answer } = await bridge.post(body, headers);
  answers.push(JSON.stringify(answer));
  return status;
}

function credentials(body: object | string, secret = signing[0] ?? ''): Record<string, string> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signature = sign(bytes, secret);
  aviary.add('incoming signature', signature);
  return { 'x-pagerduty-signature': signature, 'x-api-key': apiKeys[0] ?? '' };
}

/** Reports of other programs: with each secret that is right, with one that is not, and with one in an address. */
async function report(): Promise<void> {
  const ask = async (path: string, body: unknown, headers: Record<string, string>) => {
    const text = JSON.stringify(body);
    const answer = await fetch(bridge.ready.api_url + path, { method: 'POST', headers, body: text });
    answers.push(await answer.text());
    return answer.status;
  };
  const inAddress = aviary.add('token in a repository address', canary('git'));
  const at = Math.floor(Date.now() / 1000);
  const deployment = {
    service: 'checkout-api',
    started_at: at - 60,
    finished_at: at,
    git: {
      commit_sha: 'a'.repeat(40),
      repository_url: `https://ci:${inAddress}@git.example.com/acme/cart.git`,
    },
  };
  const dora = '/api/v2/dora/deployment';
  const key = { 'dd-api-key': environment['BRIDGE_INGEST_API_KEYS'] ?? '' };
  const application = { 'dd-application-key': environment['BRIDGE_INGEST_APPLICATION_KEYS'] ?? '' };
  expect(await ask(dora, { data: { attributes: deployment } }, key)).toBe(200);
  const wrong = aviary.add('wrong key of a reporter', canary('wrongkey'));
  expect(await ask(dora, { data: { attributes: deployment } }, { 'dd-api-key': wrong })).toBe(403);
  const list = { data: { type: 'dora_deployments_list_request', attributes: {} } };
  expect(await ask(`${dora}s`, list, { ...key, ...application })).toBe(200);
  const gitlab = { 'x-gitlab-event': 'Deployment Hook', 'x-gitlab-token': environment['GITLAB'] ?? '' };
  expect(await ask('/webhooks/gitlab', { object_kind: 'deployment' }, gitlab)).toBe(202);
  expect(await ask('/webhooks/gitlab', {}, { ...gitlab, 'x-gitlab-token': wrong })).toBe(401);
  const signature = createHmac('sha256', environment['GITHUB'] ?? '')
    .update('{}')
    .digest('hex');
  const github = { 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${signature}` };
  aviary.add('signature of GitHub', signature);
  expect(await ask('/webhooks/github', {}, github)).toBe(202);
  await eventually(
    () => scan(store, 'deployments'),
    (rows) => rows.length > 0,
  );
}

async function cli(...args: string[]): Promise<void> {
  const target = [
    '--endpoint-url',
    bridge.ready.dynamodb_endpoint,
    '--table-prefix',
    bridge.ready.table_prefix,
  ];
  const local = ['trigger', 'verify', 'config'].includes(args[0] ?? '');
  for (const more of [[], ['--json']]) {
    const { out, err } = await pdbridge([...args, ...(local ? [] : target), ...more], { environment });
    printed.push(`${args.slice(0, 2).join(' ')}: ${out}${err}`);
  }
}

it('no secret, signature or authorization header is printed, answered or stored, whatever goes wrong', async () => {
  // What arrives: authentic, forged, half-rotated, unreadable.
  // Few, since each is owed to all those destinations again and again.
  const [first, last] = [fiveEvents('QMERGED', {})[0], fiveEvents('QMERGED', {}).at(-1)];
  if (last) {
    const incident = { id: 'QOTHER', type: 'incident_reference' };
    last.event.data['resolve_reason'] = { type: 'merge_resolve_reason', incident };
  }
  for (const body of [...fiveEvents('QCANARY').slice(0, 2), ...(first ? [first] : [])])
    expect(await post(body, credentials(body))).toBe(202);
  // Only what Datadog was told is deleted there, with the application key.
  const toDatadog = (all: Record<string, unknown>[]) =>
    all.some(
      (row) =>
        row['incident_id'] === 'QMERGED' && row['destination'] === 'dd-ok' && row['status'] === 'delivered',
    );
  await eventually(() => scan(store, 'deliveries'), toDatadog, 30_000);
  if (last) expect(await post(last, credentials(last))).toBe(202);
  const usedThere = async () => echo.headers.get('dd-application-key');
  await eventually(usedThere, (keys) => keys?.has(environment['DD_APP'] ?? '') === true, 30_000);
  await eventually(usedThere, (keys) => keys?.has(environment['DD_POLL'] ?? '') === true, 30_000);
  const unreadable = 'not json';
  expect(await post(unreadable, credentials(unreadable))).toBe(202);
  const forged = webhookBody('incident.triggered', { at: '2026-03-02T10:00:00Z' });
  const strange = aviary.add('secret of somebody else', canary('strange'));
  expect(await post(forged, { ...credentials(forged, strange) })).toBe(503);
  const wrongKey = { ...credentials(forged), 'x-api-key': aviary.add('wrong API key', canary('wrong')) };
  expect(await post(forged, wrongKey)).toBe(503);
  const bearer = aviary.add('authorization header', canary('bearer'));
  expect(await post(forged, { authorization: `Bearer ${bearer}` })).toBe(401);
  expect(await post('x'.repeat(400_000), credentials(forged))).toBe(413);

  await report();

  // What goes out: each destination in its own trouble, some of it again and again.
  const rows = () => scan(store, 'deliveries');
  const tried = (destination: string, all: Awaited<ReturnType<typeof rows>>) =>
    all.some((row) => row['destination'] === destination && Number(row['attempts'] ?? 0) > 0);
  const names = [
    ...hooks,
    'dd-refused',
    'dd-error',
    'dd-cut',
    'wrong',
    'missing',
    'nowhere',
    'bus',
    'queue',
    'topic',
  ];
  await eventually(rows, (all) => names.every((name) => tried(name, all)), 30_000);
  // Nobody waits here until it is time for another attempt.
  jump(bridge);
  await eventually(rows, (all) => all.some((row) => Number(row['attempts']) > 1), 60_000);

  // What people see.
  await cli('deliveries', 'ls', '--limit', '1000');
  await cli('deliveries', 'redrive', '--dry-run');
  await cli('deliveries', 'redrive');
  await cli('incidents', 'ls');
  await cli('incidents', 'show', 'QCANARY');
  await cli('mappings', 'ls');
  await cli('deployments', 'ls');
  await cli('dora', '--since', '1d');
  await cli('catalog', 'ls');
  await cli('quarantine', 'ls');
  await cli('explain', '--service-id', 'PPINNED');
  await cli('config', 'validate', environment['BRIDGE_CONFIG'] ?? '');
  const body = join(root, 'body.json');
  writeFileSync(body, JSON.stringify(forged));
  const wrong = aviary.add('secret given to verify', canary('verify'));
  const { 'x-pagerduty-signature': signature = '' } = credentials(forged);
  await cli('verify', '--secret', wrong, '--signature', signature, '--file', body);
  await cli('verify', '--secret', `"${signing[0]}" `, '--signature', signature, '--file', body);
  const url = bridge.ready.webhook_url;
  await cli('trigger', 'incident.triggered', '--url', url, '--secret', wrong);
  await cli('trigger', 'incident.triggered', '--url', url, '--api-key', wrong);
  await cli('trigger', 'incident.triggered', '--url', url, '--header', `authorization: Bearer ${bearer}`);
  await cli('trigger', 'incident.triggered', '--url', 'http://127.0.0.1:1/', '--secret', wrong);

  const broken = ['--endpoint-url', `${echo.url}/aws_json`, '--table-prefix', 'x-'];
  for (const more of [[], ['--json']]) {
    const { out, err } = await pdbridge(['deliveries', 'ls', ...broken, ...more], { environment });
    expect(err).toMatch(/InvalidSignatureException/);
    printed.push(out, err);
  }

  const places: Record<string, string> = {
    'standard output': bridge.lines.join('\n'),
    'standard error': bridge.errors(),
    'ready.json': readFileSync(join(root, 'data', 'ready.json'), 'utf8'),
    answers: answers.join('\n'),
    'the command line': printed.join('\n'),
  };
  for (const { name } of tableDefinitions) {
    places[`table ${name}`] = JSON.stringify(await scan(store, name), (_, value) =>
      value instanceof Set ? [...value] : value,
    );
  }
  for (const text of Object.values(places)) expect(text.length).toBeGreaterThan(10);

  // Signatures and authorization headers that left must have been seen by the receivers only.
  for (const name of [
    'webhook-signature',
    'authorization',
    'x-amz-security-token',
    'dd-api-key',
    'dd-application-key',
  ]) {
    const values = echo.headers.get(name);
    expect([name, values?.size ?? 0]).not.toEqual([name, 0]);
    for (const part of [...(values ?? [])].flatMap(secretParts)) aviary.add(`${name} sent`, part);
  }
  expect(aviary.seenIn(places)).toEqual([]);
});

it('a secret written where a reference belongs is not repeated by who refuses it', async () => {
  const literal = aviary.add('secret in the configuration', canary('literal'));
  const config = join(root, 'literal.yml');
  writeFileSync(
    config,
    `authenticate: { signing_secrets: ${literal}, api_kyes: ${literal} }
destinations:
  - { name: a, type: webhook, url: 'https://hooks.example.com/${literal}', secret: ${literal} }
  - { name: b, type: datadog, api_key: ${literal}, application_key: [${literal}], site: ${literal} }
  - { name: c, type: webhook, url: 'https://user:${literal}@hooks.example.com/', secret: '${literal}' }
  - { name: d, type: webhook, url: 'http://hooks.example.com/${literal}' }
`,
  );
  const child = launchBridge(join(root, 'other'), { ...environment, BRIDGE_CONFIG: config });
  expect(await child.ended).toBe(1);
  const validated = await pdbridge(['config', 'validate', config]);
  expect(validated.code).toBe(1);
  expect(validated.out + validated.err).toMatch(/never the secret itself/);
  const places = { start: child.lines.join('\n') + child.errors(), validate: validated.out + validated.err };
  // The site is no secret: a person must be shown what is wrong with it.
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => !/site/.test(line))
      .join('\n');
  expect(aviary.seenIn({ start: lines(places.start), validate: lines(places.validate) })).toEqual([]);
});
