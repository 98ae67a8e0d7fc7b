import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDynamoDb, workerTiming } from '../../lib/adapters/aws/dynamodb-client.ts';
import { endpointAccess } from '../../lib/adapters/laptop/endpoint-access.ts';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { scan } from '../../lib/store/database/request.ts';
import type { TableName } from '../../lib/store/database/table-definitions.ts';
import { appendQuarantined } from '../../lib/store/events/append-event.ts';
import packageJson from '../../package.json';
import { pdbridge } from '../cli/run-cli.ts';
import { type BridgeProcess, eventually, startBridge } from '../local/bridge-process.ts';
import { run } from '../local/child-process.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { webhookBody } from '../support/webhooks.ts';
import { blocks, everything } from './document.ts';
import { shellWords } from './shell-words.ts';

interface Command {
  line: string;
  /** What is shown as its output. */
  output?: string;
}

const all = blocks();
const commands: Command[] = all.flatMap((block, i) => {
  if (!['sh', 'bash', 'shell', 'console'].includes(block.language)) return [];
  const lines = block.text.split('\n').filter((line) => line !== '');
  const next = all[i + 1];
  const shown = next?.language === 'text' && next.before === block.before ? next.text : undefined;
  return lines.map((line, n) => ({
    line,
    ...(shown !== undefined && n === lines.length - 1 && { output: shown }),
  }));
});
const beginning = (start: string) => commands.filter(({ line }) => line.startsWith(start));
const output = (program: string, ...words: string[]) => execFileSync(program, words, { encoding: 'utf8' });
const helps = new Map<string, string>();
/** What osls says of one of its commands; it takes two seconds for it. */
function helpOf(command: string): string {
  const help = helps.get(command) ?? output('node_modules/.bin/osls', command, '--help');
  helps.set(command, help);
  return help;
}
const installed = (tool: string) => spawnSync(tool, ['--version']).error === undefined;

const dataDir = temporaryFolder();
const secret = 'secret-of-the-docs';
let bridge: BridgeProcess;
let store: Store;
/** Stands for AWS and for PagerDuty's REST API: says yes to everything. */
let stub: { url: string; seen: string[]; close(): void };
/** PagerDuty, for what asks it something. */
let account: ServedAccount;
const variables: Record<string, string> = {
  SIGNING_SECRET: secret,
  OLD_SECRET: 'an-old-one',
  DD_API_KEY: 'a-key',
  API_KEY: 'a-key-of-those-who-report',
  STARTED_AT: '1772445600',
  CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/abc-1',
  PAGERDUTY_TOKEN: 'a-token',
  FORWARD_FAILURES_QUEUE: 'https://sqs.eu-central-1.amazonaws.com/123456789012/failures',
};

beforeAll(async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  stub = { url: `http://127.0.0.1:${port}`, seen, close: () => void server.close() };
  account = await serveAccount(createAccount({ now: () => Date.now() }, {}));
  bridge = await startBridge(dataDir, {
    PAGERDUTY_SIGNING_SECRETS: secret,
    BRIDGE_INGEST_API_KEYS: variables['API_KEY'] ?? '',
  });
  const { webhook_url, dynamodb_endpoint, table_prefix } = bridge.ready;
  const access = { endpoint: dynamodb_endpoint, ...endpointAccess({}) };
  store = {
    db: createDynamoDb({ ...access, timing: workerTiming }),
    table: (name) => table_prefix + name,
  };
  const body = JSON.stringify(webhookBody('incident.annotated', { at: '2026-03-02T10:00:00.000Z' }));
  mkdirSync(join(dataDir, 'services'));
  writeFileSync(join(dataDir, 'services', 'ledger.yaml'), 'schema-version: v2.2\ndd-service: ledger\n');
  writeFileSync(join(dataDir, 'body.json'), body);
  // As an older version would have left it that could not read this one.
  const quarantined = { sha256: 'a'.repeat(64), reason: 'not understood', expiresAt: 4e9 };
  await appendQuarantined(store, {
    ...quarantined,
    receivedAt: '2026-03-02T10:00:00.000Z',
    rawBody: Buffer.from(body),
  });
  Object.assign(variables, {
    WEBHOOK_URL: webhook_url,
    API_URL: bridge.ready.api_url,
    SIGNATURE: sign(Buffer.from(body), secret),
    QUARANTINE_ID: quarantined.sha256,
  });
});
afterAll(async () => {
  stub.close();
  await account.stop();
  bridge.process.kill('SIGTERM');
  await bridge.ended;
});

/** The words after `npx pdbridge`, aimed at the bridge of this test. */
const wordsOf = (line: string): string[] =>
  shellWords(
    line.replace('npx pdbridge ', '').replace(' --stage prod --region eu-central-1', ''),
    variables,
  ).map((word) =>
    ['body.json', 'services/', 'lake', 'deliveries.csv'].includes(word) ? join(dataDir, word) : word,
  );

const allSettled = () =>
  eventually(
    () => scan(store, 'incidents'),
    (rows) => rows.every((row) => row['forwarding'] === 'settled'),
  );

/** What cannot be run here as it stands, and what is done in its place. */
const notRunHere: { begins: string; because: string; runBy?: string }[] = [
  {
    begins: 'npm ci',
    because: 'CI begins with it, on a clean clone; it would replace node_modules',
    runBy: '.ci/run',
  },
  { begins: 'npm start', because: 'it runs until it is stopped', runBy: 'test/local/npm-start.test.ts' },
  {
    begins: 'DD_API_KEY=',
    because: 'it needs an account at Datadog',
    runBy: 'test/flow/import-datadog/import-datadog.test.ts',
  },
  { begins: 'npm run deploy', because: 'it needs an AWS account', runBy: 'test/infra/packaged-service.ts' },
  { begins: 'npx osls ', because: 'it needs an AWS account; osls itself says whether it knows the options' },
];

it('every command is run below, or is one of the few that cannot be', () => {
  const run = ['npx pdbridge ', 'aws ', 'curl ', 'echo '];
  const known = [...run, ...notRunHere.map(({ begins }) => begins)].flatMap(beginning);
  expect(new Set(known.map(({ line }) => line))).toEqual(new Set(commands.map(({ line }) => line)));
  expect(commands.length).toBeGreaterThan(40);
  for (const { begins, runBy } of notRunHere) {
    expect(beginning(begins)).not.toEqual([]);
    if (runBy) expect(existsSync(runBy)).toBe(true);
  }
});

describe('every pdbridge command shown runs, in its order', () => {
  it.each(beginning('npx pdbridge '))('$line', async ({ line, output }) => {
    await allSettled();
    const ran = await pdbridge(wordsOf(line), {
      environment: {
        BRIDGE_DATA_DIR: dataDir,
        PAGERDUTY_SIGNING_SECRETS: secret,
        PAGERDUTY_API_URL: account.url,
        PAGERDUTY_TOKEN: 'read-key',
      },
    });
    expect(ran).toMatchObject({ code: 0 });
    if (output !== undefined) expect(ran.out.startsWith(output)).toBe(true);
    if (line.includes('pagey.ping')) expect(ran.out).toContain('202 {"status":"pong"');
  });

  it('and those in the text are known', async () => {
    const mentioned = [...everything.matchAll(/`npx pdbridge ([a-z]+(?: [a-z]+)?)[^`]*`/g)].map(
      ([, name = '']) => name,
    );
    expect(mentioned.length).toBeGreaterThan(3);
    for (const name of mentioned.filter((each) => !each.startsWith('explain'))) {
      expect((await pdbridge([...name.split(' '), '--help'])).code).toBe(0);
    }
  });

  it('and npx finds the program', () => {
    // Fails rather than fetches what is not here.
    expect(output('npx', '--no-install', 'pdbridge', '--help')).toContain('Usage: pdbridge');
  });
});

describe('the rows shown are those of the sample incident:', () => {
  const shown = blocks('json').flatMap(({ before, text }) => {
    const table = /^\*\*(\w+)\*\*/.exec(before)?.[1];
    // The sample incident has no deployment; see deployment-row.test.ts.
    if (!table || table === 'deployments') return [];
    return [{ table: table as TableName, row: JSON.parse(text) as Row }];
  });

  it('one of each table for people', () => {
    expect(shown.map(({ table }) => table)).toEqual([
      'events',
      'incidents',
      'mappings',
      'outgoing',
      'deliveries',
    ]);
  });

  it.each(shown)('$table', async ({ table, row }) => {
    await allSettled();
    const rows = (await scan(store, table)).filter((each) =>
      table === 'mappings'
        ? each['pagerduty_service_id'] === 'PF9KMXH'
        : each['incident_id'] === 'Q3TQ4J9VV2GQ5C' && each['event_type'] !== 'incident.annotated',
    );
    const attributes = (given: Row) => Object.keys(given).sort();
    expect(rows.map(attributes)).toContainEqual(attributes(row));
  });
});

describe('other commands', () => {
  it.each(beginning('npm '))('$line', ({ line }) => {
    for (const command of line.split(' && ')) {
      const [, name = '', script = ''] = /^npm (?:run )?([\w-]+)/.exec(command) ?? [];
      expect(script || name === 'ci' || name in packageJson.scripts).toBe(true);
    }
  });

  it('npm scripts in the text are there', () => {
    for (const [, script = ''] of everything.matchAll(/npm run ([\w:-]+)/g))
      expect(packageJson.scripts).toHaveProperty(script);
  });

  it.each([...beginning('npx osls '), ...beginning('npm run deploy')])('$line', ({ line }) => {
    const [name = ''] = line.replace(/^npx osls |^npm run /, '').split(' ');
    const help = helpOf(name);
    for (const [option] of line.matchAll(/--[a-z]+/g)) expect(help).toContain(option);
    for (const [, parameter] of line.matchAll(/--param (\w+)=/g))
      expect(readFileSync('infra/parameters.cjs', 'utf8')).toContain(`  ${parameter}: {`);
  });

  // What a machine may not have is left out, and the name of the test says so.
  const tools = { aws: installed('aws'), curl: installed('curl'), openssl: installed('openssl') };
  for (const [tool, there] of Object.entries(tools)) {
    if (!there)
      console.warn(`${tool} is not installed: its commands in README and docs are not checked here.`);
  }
  const title = (tool: keyof typeof tools) => `$line${tools[tool] ? '' : ` (not checked: no ${tool} here)`}`;

  it.each(beginning('echo '))(title('openssl'), ({ line }) => {
    if (!tools.openssl) return;
    const made = execFileSync('bash', ['-c', line], { encoding: 'utf8' }).trim();
    expect(Buffer.from(made.replace('whsec_', ''), 'base64')).toHaveLength(32);
  });

  it.each(beginning('curl '))(title('curl'), async ({ line }) => {
    if (!tools.curl) return;
    const words = shellWords(line, variables).map((word) =>
      word
        .replace('http://127.0.0.1:8787', new URL(bridge.ready.webhook_url).origin)
        .replace('https://api.pagerduty.com', stub.url),
    );
    const child = run('curl', ['--silent', '--show-error', '--fail', ...words.slice(1)]);
    expect([await child.ended, child.errors()]).toEqual([0, '']);
    if (line.includes('/health')) expect(JSON.parse(child.lines.join('\n'))).toMatchObject({ status: 'ok' });
    else if (line.includes('/api/v2/dora/'))
      expect(JSON.parse(child.lines.join('\n'))).toMatchObject({ data: { type: 'dora_deployment' } });
    else expect(stub.seen.at(-1)).toMatch(/^(GET|POST) \/webhook_subscriptions.* Token token=a-token$/);
  });

  // AWS's own command line knows which options there are and what they take; nothing is sent to AWS.
  it.each(beginning('aws '))(title('aws'), async ({ line }) => {
    if (!tools.aws) return;
    const local = line.replace('http://127.0.0.1:8000', bridge.ready.dynamodb_endpoint);
    const elsewhere = local === line ? ['--endpoint-url', stub.url] : [];
    const child = run('aws', [...shellWords(local, variables).slice(1), ...elsewhere], {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    expect([await child.ended, child.errors()]).toEqual([0, '']);
    if (local !== line) expect(JSON.parse(child.lines.join('\n')).Items.length).toBeGreaterThan(0);
  });
});
