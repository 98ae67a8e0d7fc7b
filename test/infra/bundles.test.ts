import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NodeBinary } from '../../infra/bench/node-versions.ts';
import { firstTime } from '../../lib/flow/reconcile/reconcile.ts';
import { listCatalog } from '../../lib/store/catalog/list.ts';
import { scan } from '../../lib/store/database/request.ts';
import { readReconciled, saveReconciled } from '../../lib/store/state/reconciled.ts';
import { startServer } from '../adapters/outgoing-http/local-server.ts';
import { tell } from '../flow/reconcile/stories.ts';
import { startTestDatabase, type TestDatabase } from '../support/dynalite.ts';
import { createAccount } from '../support/pagerduty/account.ts';
import { serveAccount } from '../support/pagerduty/reach.ts';
import { restViewOf } from '../support/pagerduty/rest-view.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { webhookBody } from '../support/webhooks.ts';
import { type DeployedFunction, startFunction } from './deployed-function.ts';
import { streamEvent, webhookEvent } from './lambda-events.ts';
import { createWorkspace, type Workspace, withEveryFunction } from './packaged-service.ts';
import { type StandInAws, startStandInAws } from './stand-in-aws.ts';

const secret = 'the-signing-secret-of-the-bundles';
const prefix = 'bundles-';
let workspace: Workspace;
let database: TestDatabase;
let receiver: Receiver;
let aws: StandInAws;
/** Stopped after the test. */
const running: DeployedFunction[] = [];
/** Stopped after all. */
const started: DeployedFunction[] = [];

beforeAll(async () => {
  workspace = createWorkspace();
  const built = await workspace.build(withEveryFunction);
  if (built.code !== 0) throw new Error(built.output);
  database = await startTestDatabase(prefix);
  receiver = await startReceiver();
  aws = await startStandInAws(database.endpoint);
  aws.parameters['/pagerduty-bridge/signing-secrets'] = secret;
  const config = {
    metrics_retention_days: 800,
    link: { window_hours: 24 },
    authenticate: { signing_secrets: 'ssm:/pagerduty-bridge/signing-secrets' },
    severity: {},
    unmatched: 'passthrough',
    retry: { horizon_hours: 168 },
    retention_days: 400,
    destinations: [{ name: 'hook', type: 'webhook', url: receiver.url }],
  };
  // A deploy refuses a destination on loopback, so it is put beside the bundles afterwards.
  for (const name of ['forward', 'sweep']) {
    writeFileSync(path.join(workspace.folder, 'dist', name, 'bridge.json'), JSON.stringify(config));
  }
  beginUnderFaults();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((fn) => fn.stop()));
});
afterAll(async () => {
  await Promise.all(started.map((fn) => fn.stop()));
  await aws.stop();
  await receiver.close();
  await database.stop();
  workspace.remove();
});

const timeouts: Record<string, number> = { receive: 4_000, reconcile: 900_000 };

async function start(
  name: string,
  node: NodeBinary,
  environment: Record<string, string> = {},
  among = running,
) {
  const fn = await startFunction({
    bundle: path.join(workspace.folder, 'dist', name, 'index.cjs'),
    nodePath: node.path,
    environment: { BRIDGE_TABLE_PREFIX: prefix, AWS_ENDPOINT_URL: aws.endpoint, ...environment },
    timeoutMs: timeouts[name] ?? 60_000,
  });
  among.push(fn);
  return fn;
}

/** An AWS of its own, whose DynamoDB does this and that, and a function on it. */
async function startUnderFaults(name: string, node: NodeBinary) {
  const faulty = await startStandInAws(database.endpoint);
  Object.assign(faulty.parameters, aws.parameters);
  const fn = await start(name, node, { AWS_ENDPOINT_URL: faulty.endpoint }, started);
  return { fn, faulty };
}

async function receiveUnderFaults(node: NodeBinary) {
  const { fn, faulty } = await startUnderFaults('receive', node);
  const answers: { dynamodb: StandInAws['dynamodb']; status: number; ms: number }[] = [];
  for (const dynamodb of ['hangs', 'throttles', 'works'] as const) {
    faulty.dynamodb = dynamodb;
    const before = performance.now();
    const { statusCode } = await fn.invoke(webhookEvent(triggered(), secret));
    answers.push({ dynamodb, status: statusCode, ms: performance.now() - before });
  }
  await faulty.stop();
  return answers;
}

async function forwardUnderThrottling(node: NodeBinary) {
  const { fn, faulty } = await startUnderFaults('forward', node);
  faulty.dynamodb = 'throttles';
  const event = streamEvent({ incident_id: 'QX', log_key: '2026-03-02T10:00:00.000Z#0#X' });
  const answer = await fn.invoke(event);
  await faulty.stop();
  return answer;
}

/** What waits out DynamoDB's faults takes its time; it goes on beside the other tests. */
const underway = {
  receive: new Map<NodeBinary, ReturnType<typeof receiveUnderFaults>>(),
  forward: undefined as ReturnType<typeof forwardUnderThrottling> | undefined,
};

function beginUnderFaults() {
  const there = nodes.flatMap(([, node]) => (node ? [node] : []));
  underway.forward = forwardUnderThrottling(there.at(-1) ?? ownNode);
  for (const node of there) underway.receive.set(node, receiveUnderFaults(node));
  // Whoever waits for one learns how it ended; until then nobody listens.
  for (const each of [underway.forward, ...underway.receive.values()]) each.catch(() => {});
}

let incidents = 0;
const triggered = () =>
  webhookBody('incident.triggered', {
    at: new Date().toISOString(),
    data: { id: `QBUNDLE${++incidents}`, status: 'triggered', title: 'Überlast 🔥' },
  });

const rowsOf = async (incidentId: string) =>
  (await scan(database.store, 'events')).filter((row) => row['incident_id'] === incidentId);

/** The Node of the Lambda runtime; npm has it as a package. Missing offline, and then the tests' names say so. */
function deployedNode(): NodeBinary | undefined {
  const { status, stdout } = spawnSync('npx', ['--yes', 'node@24', '-p', 'process.execPath'], {
    encoding: 'utf8',
  });
  if (status === 0) return { major: 24, path: stdout.trim() };
  process.stderr.write(
    'NOTICE: node@24 cannot be had from the package registry, the bundles are not run on it\n',
  );
  return undefined;
}

const ownNode: NodeBinary = { major: Number(process.versions.node.split('.')[0]), path: process.execPath };
const nodes: [string, NodeBinary | undefined][] = [
  [`Node ${ownNode.major}`, ownNode],
  ['Node 24, as on Lambda', deployedNode()],
];

describe.each(nodes)('the bundles on %s', (_, binary) => {
  const onNode = (name: string, work: (node: NodeBinary) => Promise<void>) =>
    binary ? it(name, () => work(binary)) : it(`NOT CHECKED, this Node cannot be had: ${name}`, () => {});

  onNode('run on the Node they should', async (node) => {
    const fn = await start('receive', node);
    expect(fn.node).toMatch(new RegExp(`^v${node.major}\\.`));
  });

  onNode(
    'receive reads the secret from SSM and answers its first request well within the budget',
    async (node) => {
      const fn = await start('receive', node);
      const body = triggered();
      const before = Date.now();
      const answer = await fn.invoke(webhookEvent(body, secret));
      expect({ status: answer.statusCode, body: JSON.parse(answer.body) }).toEqual({
        status: 202,
        body: { status: 'accepted', event_id: body.event.id },
      });
      expect(fn.loadMs + Date.now() - before).toBeLessThan(3_000);
      const rows = await rowsOf(String(body.event.data['id']));
      expect(rows).toHaveLength(1);
      expect(rows[0]?.['body']).toBe(JSON.stringify(body));
      expect(aws.calls).toContain('AmazonSSM.GetParameter');
    },
  );

  onNode('receive takes a base64 body, and the same event again is one row', async (node) => {
    const fn = await start('receive', node);
    const body = triggered();
    const first = await fn.invoke(webhookEvent(body, secret, { base64: true }));
    const second = await fn.invoke(webhookEvent(body, secret));
    expect([first, second].map((answer) => JSON.parse(answer.body).status)).toEqual([
      'accepted',
      'duplicate',
    ]);
    expect(await rowsOf(String(body.event.data['id']))).toHaveLength(1);
  });

  onNode('receive lets nobody in without the secret, whatever is wrong with it', async (node) => {
    const fn = await start('receive', node);
    expect((await fn.invoke(webhookEvent(triggered(), 'another-secret'))).statusCode).toBe(503);
    expect((await fn.invoke({ ...webhookEvent(triggered(), secret), headers: {} })).statusCode).toBe(401);
    const unset = await start('receive', node);
    delete aws.parameters['/pagerduty-bridge/signing-secrets'];
    try {
      expect((await unset.invoke(webhookEvent(triggered(), ''))).statusCode).toBe(503);
      expect((await unset.invoke(webhookEvent(triggered(), secret))).statusCode).toBe(503);
    } finally {
      aws.parameters['/pagerduty-bridge/signing-secrets'] = secret;
    }
    expect(unset.log().join()).toContain('aws ssm put-parameter');
  });

  onNode('no secret and no signature is in the log', async (node) => {
    const fn = await start('receive', node);
    const event = webhookEvent(triggered(), secret);
    await fn.invoke(event);
    await fn.invoke(webhookEvent(triggered(), 'another-secret'));
    const log = fn.log().join('\n');
    expect(log).not.toContain(secret);
    expect(log).not.toContain(String(event.headers['x-pagerduty-signature']).slice(3));
    for (const line of fn.log()) expect(() => JSON.parse(line)).not.toThrow();
  });

  onNode('forward delivers what the stream names, and sweep what it missed', async (node) => {
    const [receive, forward, sweep] = await Promise.all([
      start('receive', node),
      start('forward', node),
      start('sweep', node),
    ]);
    const woken = triggered();
    await receive.invoke(webhookEvent(woken, secret));
    const [row] = await rowsOf(String(woken.event.data['id']));
    const key = { incident_id: String(row?.['incident_id']), log_key: String(row?.['log_key']) };
    expect(await forward.invoke(streamEvent(key))).toEqual({ batchItemFailures: [] });
    expect(await forward.invoke(streamEvent(key))).toEqual({ batchItemFailures: [] });
    const of = (body: typeof woken) => receiver.received.filter(({ json }) => json.id === body.event.id);
    expect(of(woken)).toHaveLength(1);
    expect(of(woken)[0]?.json).toMatchObject({ version: '1', sequence: 1, name: 'Überlast 🔥' });
    await sweep.invoke({});
    expect(of(woken)).toHaveLength(1);
    expect(sweep.log().join('\n')).toContain('"SweepHeartbeat":1');
  });

  onNode(
    'catalog-sync reads a live catalog with the token in SSM, and says which it could not',
    async (node) => {
      let up = true;
      const portal = await startServer((answer, { headers }) => {
        const authentic = headers.authorization === 'Bearer token-of-the-portal';
        const items = [
          { kind: 'Component', metadata: { name: 'cart' }, spec: { type: 'service', owner: 'web' } },
        ];
        answer.writeHead(up && authentic ? 200 : 403).end(JSON.stringify({ items, pageInfo: {} }));
      });
      aws.parameters['/pagerduty-bridge/portal'] = 'token-of-the-portal';
      const source = {
        name: 'portal',
        type: 'backstage',
        url: portal.url,
        token: 'ssm:/pagerduty-bridge/portal',
      };
      const config = { catalog_sources: [{ ...source, allow_private: false }] };
      writeFileSync(path.join(workspace.folder, 'dist/catalog-sync/bridge.json'), JSON.stringify(config));
      try {
        const sync = await start('catalog-sync', node);
        expect(await sync.invoke({})).toEqual({ synced: ['portal'], failed: [] });
        const { sources } = await listCatalog(database.store);
        expect(sources).toMatchObject([{ source: 'portal', entries: [{ name: 'cart', team: 'web' }] }]);
        up = false;
        expect(await sync.invoke({})).toEqual({ synced: [], failed: ['portal'] });
        const log = sync.log().join('\n');
        expect(log).toContain('"CatalogSyncHeartbeat":1');
        expect(log).toContain('answered 403; the token or keys are wrong');
        expect(log).not.toContain('token-of-the-portal');
      } finally {
        await portal.stop();
      }
    },
  );

  onNode(
    'reconcile asks PagerDuty with the token in SSM, and writes down what it did not know',
    async (node) => {
      const hour = 3_600_000;
      const story = tell(`QUNTOLD${++incidents}`, Date.now() - hour, [[0, 'triggered']]);
      const account = createAccount(
        { now: Date.now },
        { tokens: new Map([['token-of-pagerduty', 'read']]), incidents: [restViewOf(story)] },
      );
      const served = await serveAccount(account);
      aws.parameters['/pagerduty-bridge/pagerduty-token'] = 'token-of-pagerduty';
      const kept = await readReconciled(database.store);
      const before = firstTime(Date.now() - 2 * hour);
      await saveReconciled(database.store, kept, before, Date.now());
      try {
        const reconcile = await start('reconcile', node, { PAGERDUTY_API_URL: served.url });
        expect(await reconcile.invoke({})).toEqual({ finished: true, events: 1 });
        const log = reconcile.log().join('\n');
        expect(log).toContain('"ReconcileHeartbeat":1');
        expect(log).not.toContain('token-of-pagerduty');
      } finally {
        await served.stop();
      }
    },
  );

  onNode('a missing table prefix ends the function with its name', async (node) => {
    await expect(start('receive', node, { BRIDGE_TABLE_PREFIX: '' })).rejects.toThrow(
      /BRIDGE_TABLE_PREFIX is not set/,
    );
  });

  onNode(
    'receive answers as DynamoDB answers: 503 before 4 seconds while it hangs, 503 while it throttles',
    async (node) => {
      const answers = (await underway.receive.get(node)) ?? [];
      expect(answers.map(({ dynamodb, status }) => [dynamodb, status])).toEqual([
        ['hangs', 503],
        ['throttles', 503],
        ['works', 202],
      ]);
      for (const { ms } of answers) expect(ms).toBeLessThan(4_000);
    },
  );
});

it('forward reports the records it could not even put off, so that the stream brings them again', async () => {
  expect(await underway.forward).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
});

it('a source map lies beside each bundle, for people, and is not named in it', () => {
  for (const name of ['receive', 'forward', 'sweep', 'catalog-sync', 'reconcile']) {
    const folder = path.join(workspace.folder, 'dist', name);
    expect(
      JSON.parse(readFileSync(path.join(folder, 'index.cjs.map'), 'utf8')).sources.length,
    ).toBeGreaterThan(10);
    expect(readFileSync(path.join(folder, 'index.cjs'), 'utf8')).not.toContain('sourceMappingURL');
  }
});
