import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import { SourceFault } from '../../lib/adapters/catalog-sources/source.ts';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { createTelemetry } from '../../lib/adapters/telemetry/telemetry.ts';
import { createCatalogSync } from '../../lib/flow/catalog-sync/sync-sources.ts';
import { createIngest } from '../../lib/flow/ingest/create-ingest.ts';
import { sources } from '../../lib/flow/ingest/sources.ts';
import { createReconcile } from '../../lib/flow/reconcile/scheduled.ts';
import { metricNamespace, metricUnits } from '../../lib/metric-names.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { createWorld } from '../flow/reconcile/fixture.ts';
import { tell } from '../flow/reconcile/stories.ts';
import { createTestBridge, createTestClock, type TestBridge } from '../support/bridge.ts';
import { appendReport, deployed } from '../support/deployments.ts';
import { startTestDatabase, type TestDatabase } from '../support/dynalite.ts';
import { restViewOf } from '../support/pagerduty/rest-view.ts';
import { startReceiver } from '../support/receiver.ts';
import { webhookBody } from '../support/webhooks.ts';
import { type Datapoint, datapointsOf, fires } from './alarm-evaluation.ts';
import {
  createWorkspace,
  type Resource,
  root,
  type Template,
  type Workspace,
  withEveryFunction,
} from './packaged-service.ts';

const service = 'pagerduty-bridge-dev';
let workspace: Workspace;
let template: Template;
let database: TestDatabase;

beforeAll(async () => {
  workspace = createWorkspace();
  const { code, output } = await workspace.build(withEveryFunction);
  if (code !== 0) throw new Error(output);
  template = await workspace.packageTemplate();
  database = await startTestDatabase();
});
afterAll(async () => {
  workspace.remove();
  await database.stop();
});

const alarm = (id: string): Resource => {
  const resource = template.Resources[`${id}Alarm`];
  if (!resource) throw new Error(`no alarm ${id}`);
  return resource;
};

/** What a bridge has sent so far, as the lines CloudWatch reads and turns into datapoints. */
function emitted(bridge: TestBridge): Datapoint[] {
  const lines: string[] = [];
  const telemetry = createTelemetry({ write: (line) => lines.push(line), service, clock: { now: () => 0 } });
  for (const { name, value, destination } of bridge.deps.telemetry.metrics.splice(0)) {
    telemetry.metric(name as keyof typeof metricUnits, value, destination);
  }
  return datapointsOf(lines);
}

const bridgeWith = (store: Store = database.store, config: Partial<BridgeConfig> = {}) =>
  createTestBridge(store, { config, clock: createTestClock() });

const freshWebhook = (data: Record<string, unknown> = {}) =>
  webhookBody('incident.triggered', {
    at: new Date().toISOString(),
    data: { id: `Q${randomUUID().slice(0, 13)}`, status: 'triggered', ...data },
  });

const forged = { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` };

async function times(n: number, work: () => Promise<unknown>): Promise<void> {
  for (let count = 0; count < n; count++) await work();
}

/** A database that refuses what `hit` says, as one that is down or out of permissions would. */
function failing(hit: (command: { input: { TableName?: string } }) => boolean): Store {
  const send = async (command: never) => {
    if (hit(command)) throw new Error('the database does not answer');
    return database.store.db.send(command);
  };
  return { ...database.store, db: { send } };
}

/** An account that a bridge is compared with, hour after hour. */
async function reconciling() {
  const { deps, account, subscription } = await createWorld(Date.parse('2026-06-20T00:00:00Z'), []);
  const lines: string[] = [];
  const telemetry = createTelemetry({ write: (line) => lines.push(line), service, clock: { now: () => 0 } });
  const run = createReconcile({ ...deps, telemetry });
  await run(600_000);
  const period = async () => {
    lines.length = 0;
    await deps.clock.sleep(3_600_000);
    await run(600_000);
    return datapointsOf(lines);
  };
  return { period, account, subscription };
}

describe('an alarm fires when its fault is there, and only then', () => {
  it('NothingAuthenticated: every webhook has a wrong signature', async () => {
    const bridge = bridgeWith();
    await times(2, () => bridge.send(freshWebhook(), forged));
    await bridge.sweep();
    expect(fires(alarm('NothingAuthenticated'), [emitted(bridge)])).toBe(true);
    await bridge.send(freshWebhook(), forged);
    await bridge.send(freshWebhook());
    await bridge.sweep();
    expect(fires(alarm('NothingAuthenticated'), [emitted(bridge)])).toBe(false);
    await bridge.sweep();
    expect(fires(alarm('NothingAuthenticated'), [emitted(bridge)])).toBe(false);
  });

  it('SignatureMismatches: one of two subscriptions has a wrong secret', async () => {
    const bridge = bridgeWith();
    await times(4, () => bridge.send(freshWebhook(), forged));
    const few = emitted(bridge);
    expect(fires(alarm('SignatureMismatches'), [few])).toBe(false);
    await bridge.send(freshWebhook(), forged);
    expect(fires(alarm('SignatureMismatches'), [[...few, ...emitted(bridge)]])).toBe(true);
  });

  it('SecretsUnreadable: SSM refuses', async () => {
    const lines: string[] = [];
    const clock = { now: () => 0 };
    const secrets = createSecrets({
      environment: {},
      readParameter: () => Promise.reject(new Error('AccessDeniedException')),
      clock,
      telemetry: createTelemetry({ write: (line) => lines.push(line), service, clock }),
    });
    await times(3, () => secrets.read('ssm:/x').catch(() => {}));
    expect(fires(alarm('SecretsUnreadable'), [datapointsOf(lines)])).toBe(true);
    expect(fires(alarm('SecretsUnreadable'), [[]])).toBe(false);
  });

  it('ReceiveFailing: the events table does not answer', async () => {
    const bridge = bridgeWith(failing(() => true));
    await times(5, () => bridge.send(freshWebhook()));
    expect(fires(alarm('ReceiveFailing'), [emitted(bridge)])).toBe(true);
    const healthy = bridgeWith();
    await times(5, () => healthy.send(freshWebhook()));
    expect(fires(alarm('ReceiveFailing'), [emitted(healthy)])).toBe(false);
  });

  it('Quarantined: an authentic body is not a webhook', async () => {
    const bridge = bridgeWith();
    await bridge.send(freshWebhook());
    expect(fires(alarm('Quarantined'), [emitted(bridge)])).toBe(false);
    await bridge.send('not json');
    expect(fires(alarm('Quarantined'), [emitted(bridge)])).toBe(true);
  });

  it('NoWebhooks: only strangers and the sweep for a whole day', async () => {
    const bridge = bridgeWith();
    await bridge.sweep();
    await bridge.send(freshWebhook(), { 'x-pagerduty-signature': '', 'x-webhook-id': '' });
    const silent = emitted(bridge);
    await bridge.send(freshWebhook());
    const received = emitted(bridge);
    const hours = (one: Datapoint[]) => [...Array<Datapoint[]>(23).fill(silent), one];
    expect(fires(alarm('NoWebhooks'), hours(silent))).toBe(true);
    expect(fires(alarm('NoWebhooks'), hours([]))).toBe(true);
    expect(fires(alarm('NoWebhooks'), hours(received))).toBe(false);
  });

  it('SweepStopped: no run of sweep comes to its end', async () => {
    const broken = bridgeWith(failing(({ input }) => Boolean(input.TableName?.endsWith('events'))));
    await broken.sweep();
    const failed = emitted(broken);
    expect(fires(alarm('SweepStopped'), [failed, failed])).toBe(true);
    expect(fires(alarm('SweepStopped'), [[], []])).toBe(true);
    const healthy = bridgeWith();
    await healthy.sweep();
    const beat = emitted(healthy);
    expect(fires(alarm('SweepStopped'), [beat, beat])).toBe(false);
    expect(fires(alarm('SweepStopped'), [beat, failed])).toBe(false);
  });

  it('ProcessingStuck: one incident fails again and again', async () => {
    const bridge = bridgeWith(failing(({ input }) => Boolean(input.TableName?.endsWith('incidents'))));
    const body = freshWebhook();
    await bridge.deliver(body);
    expect(fires(alarm('ProcessingStuck'), [emitted(bridge)])).toBe(false);
    await times(5, async () => {
      bridge.deps.clock.advance(3_700_000);
      await bridge.sweep();
    });
    expect(fires(alarm('ProcessingStuck'), [emitted(bridge)])).toBe(true);
  });

  it('OwedTooLong: what is due does not get its turn', async () => {
    const bridge = bridgeWith();
    const periods: Datapoint[][] = [];
    await times(3, async () => {
      await bridge.send(freshWebhook());
      bridge.deps.clock.advance(3_700_000);
      await bridge.sweep();
      periods.push(emitted(bridge));
    });
    expect(fires(alarm('OwedTooLong'), periods)).toBe(true);
    await bridge.sweep();
    expect(fires(alarm('OwedTooLong'), [...periods, emitted(bridge)])).toBe(false);
  });

  it('IncidentsHeld: an incident matches nothing', async () => {
    const bridge = bridgeWith();
    await bridge.deliver(freshWebhook());
    expect(fires(alarm('IncidentsHeld'), [emitted(bridge)])).toBe(true);
    const passing = bridgeWith(database.store, { unmatched: 'passthrough' });
    await passing.deliver(freshWebhook());
    expect(fires(alarm('IncidentsHeld'), [emitted(passing)])).toBe(false);
  });

  it('DeploymentsHeld: a deployment names a repository that nobody knows', async () => {
    const bridge = bridgeWith();
    const { service: _nobody, ...report } = deployed(0, { external_id: `release:${randomUUID()}` });
    const of = async (repository_id: string, more: object = {}) => {
      const told = { ...report, ...more, repository_id, repository_url: `https://${repository_id}` };
      const { subject, logKey } = await appendReport(database.store, bridge.deps.clock.now(), told);
      await bridge.wake(subject, logKey);
      return emitted(bridge);
    };
    expect(fires(alarm('DeploymentsHeld'), [await of('github.com/acme/nobody-knows')])).toBe(true);
    const known = await of('github.com/acme/named', { external_id: undefined, service: 'cart' });
    expect(fires(alarm('DeploymentsHeld'), [known])).toBe(false);
  });

  it('DeliveriesDead: a destination refuses an event for good', async () => {
    const receiver = await startReceiver();
    try {
      const hook = { name: 'hook', type: 'webhook', url: receiver.url };
      const bridge = bridgeWith(database.store, { unmatched: 'passthrough', destinations: [hook] });
      await bridge.deliver(freshWebhook());
      expect(fires(alarm('DeliveriesDead'), [emitted(bridge)])).toBe(false);
      receiver.answerWith(422);
      await bridge.deliver(freshWebhook());
      expect(fires(alarm('DeliveriesDead'), [emitted(bridge)])).toBe(true);
    } finally {
      await receiver.close();
    }
  });

  it('DestinationDown: a destination has answered nothing but 500 for more than an hour', async () => {
    const receiver = await startReceiver();
    try {
      const hook = { name: 'down', type: 'webhook', url: receiver.url };
      const bridge = bridgeWith(database.store, { unmatched: 'passthrough', destinations: [hook] });
      receiver.answerWith(...Array<number>(1_000).fill(500));
      await times(4, () => bridge.deliver(freshWebhook()));
      await bridge.sweep();
      expect(fires(alarm('DestinationDown'), [emitted(bridge)])).toBe(false);
      bridge.deps.clock.advance(3_700_000);
      await bridge.sweep();
      expect(fires(alarm('DestinationDown'), [emitted(bridge)])).toBe(true);
    } finally {
      await receiver.close();
    }
  });

  it('CatalogSyncFailing, CatalogSyncRefused: a live catalog cannot be read, another is empty one day', async () => {
    const definitions = JSON.stringify({ 'schema-version': 'v2.2', 'dd-service': 'cart', team: 'web' });
    const lines: string[] = [];
    let answer: () => Promise<string[]>;
    const sync = createCatalogSync({
      store: database.store,
      clock: createTestClock(),
      random: { token: randomUUID, unit: () => 0.5 },
      telemetry: createTelemetry({ write: (line) => lines.push(line), service, clock: { now: () => 0 } }),
      sources: [
        { name: 'steady', read: async () => [definitions] },
        { name: 'shaky', read: () => answer() },
      ],
    });
    const period = async (what: typeof answer) => {
      answer = what;
      await sync();
      return datapointsOf(lines.splice(0));
    };
    const good = await period(async () => [definitions]);
    const down = await period(() => Promise.reject(new SourceFault('it answers 503')));
    const empty = await period(async () => ['']);
    const failing = alarm('CatalogSyncFailing');
    expect(fires(failing, [good, down, empty])).toBe(false);
    expect(fires(failing, [down, down, empty])).toBe(true);
    expect(fires(failing, [[], [], []])).toBe(true);
    expect(fires(alarm('CatalogSyncRefused'), [empty])).toBe(true);
    expect(fires(alarm('CatalogSyncRefused'), [down])).toBe(false);
    expect(fires(alarm('CatalogSyncRefused'), [[]])).toBe(false);
  });

  it('ReconcileStopped, ReconcileRepaired: PagerDuty cannot be asked, then it knows more than webhooks told', async () => {
    const { period, account } = await reconciling();
    const good = await period();
    account.weather = () => ({ status: 401 });
    const refused = await period();
    account.weather = () => undefined;
    account.incidents = [restViewOf(tell('QUNTOLD', account.clock.now() - 20 * 60_000, [[0, 'triggered']]))];
    const repaired = await period();
    expect(fires(alarm('ReconcileStopped'), [refused, refused, refused])).toBe(true);
    expect(fires(alarm('ReconcileStopped'), [[], [], []])).toBe(true);
    expect(fires(alarm('ReconcileStopped'), [refused, refused, good])).toBe(false);
    expect(fires(alarm('ReconcileRepaired'), [repaired])).toBe(true);
    for (const quiet of [good, refused, []]) expect(fires(alarm('ReconcileRepaired'), [quiet])).toBe(false);
  });

  it('SubscriptionDisabled, SubscriptionChanged: PagerDuty disables it, somebody edits it', async () => {
    const { period, subscription } = await reconciling();
    const good = await period();
    subscription.temporarilyDisabled = true;
    const disabled = await period();
    Object.assign(subscription, { temporarilyDisabled: false, events: [] });
    const edited = await period();
    expect(fires(alarm('SubscriptionDisabled'), [disabled])).toBe(true);
    expect(fires(alarm('SubscriptionChanged'), [edited])).toBe(true);
    for (const quiet of [good, edited, []]) expect(fires(alarm('SubscriptionDisabled'), [quiet])).toBe(false);
    for (const quiet of [good, disabled, []])
      expect(fires(alarm('SubscriptionChanged'), [quiet])).toBe(false);
  });

  it('IngestFailing, IngestMismatches: reports that cannot be written down, or come with wrong keys', async () => {
    let down = true;
    const lines: string[] = [];
    const clock = createTestClock();
    const ingest = createIngest(sources, {
      store: failing(() => down),
      clock,
      telemetry: createTelemetry({ write: (line) => lines.push(line), service, clock: { now: () => 0 } }),
      secrets: { read: async () => ['key'] },
      config: {
        retention_days: 400,
        metrics_retention_days: 800,
        link: { window_hours: 24 },
        ingest: { api_keys: 'env:A', settle_minutes: 15 },
      },
    });
    const at = Math.floor(clock.now() / 1000);
    const report = { service: 'cart', started_at: at, finished_at: at };
    const post = async (key: string) => {
      await ingest.handle({
        method: 'POST',
        path: '/api/v2/dora/deployment',
        query: '',
        headers: { 'dd-api-key': key },
        rawBody: new TextEncoder().encode(JSON.stringify({ data: { attributes: report } })),
        arrivedAtMs: clock.now(),
      });
      return datapointsOf(lines.splice(0));
    };
    expect(fires(alarm('IngestFailing'), [await post('key')])).toBe(true);
    down = false;
    const good = await post('key');
    expect(fires(alarm('IngestFailing'), [good])).toBe(false);
    const wrong = [];
    for (let count = 0; count < 5; count++) wrong.push(...(await post('wrong')));
    expect(fires(alarm('IngestMismatches'), [wrong])).toBe(true);
    expect(fires(alarm('IngestMismatches'), [good])).toBe(false);
  });

  it('FrontDoorRefusals: the gateway answers 4xx that receive knows nothing of', async () => {
    const refusals = (count: number): Datapoint[] =>
      Array(count).fill({
        namespace: 'AWS/ApiGateway',
        name: '4xx',
        dimensions: { ApiId: { Ref: 'HttpApi' } },
        value: 1,
      });
    const bridge = bridgeWith();
    const stranger = { 'x-pagerduty-signature': '', 'x-webhook-id': '' };
    await bridge.sweep();
    const quiet = emitted(bridge);
    expect(fires(alarm('FrontDoorRefusals'), [[...quiet, ...refusals(3)]])).toBe(true);
    // Scanners that receive itself sends away are counted by both, and cancel out.
    await times(3, () => bridge.send(freshWebhook(), stranger));
    const answers = bridge.deps.telemetry.count('RequestsRefused');
    expect(fires(alarm('FrontDoorRefusals'), [[...emitted(bridge), ...refusals(answers + 2)]])).toBe(false);
  });
});

describe('an alarm on what AWS itself counts fires on its datapoint', () => {
  const lambda = (name: string, fn: string, value: number): Datapoint => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: { Ref: `${fn}LambdaFunction` } },
    value,
  });
  const queue = (value: number): Datapoint => ({
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: { 'Fn::GetAtt': ['ForwardFailures', 'QueueName'] } },
    value,
  });
  const frontDoor5xx: Datapoint = {
    namespace: 'AWS/ApiGateway',
    name: '5xx',
    dimensions: { ApiId: { Ref: 'HttpApi' } },
    value: 5,
  };
  const noMismatch: Datapoint = {
    namespace: metricNamespace,
    name: 'SignatureMismatches',
    dimensions: { service },
    value: 0,
  };

  it.each<[string, Datapoint[], Datapoint[]]>([
    ['ReceiveErrors', [lambda('Errors', 'Receive', 1)], [lambda('Errors', 'Forward', 9)]],
    ['ForwardErrors', [lambda('Errors', 'Forward', 3)], [lambda('Errors', 'Forward', 2)]],
    ['SweepErrors', [lambda('Errors', 'Sweep', 3)], [lambda('Errors', 'Sweep', 2)]],
    ['ReceiveThrottles', [lambda('Throttles', 'Receive', 1)], [lambda('Throttles', 'Receive', 0)]],
    ['ForwardThrottles', [lambda('Throttles', 'Forward', 5)], [lambda('Throttles', 'Forward', 4)]],
    ['IngestErrors', [lambda('Errors', 'Ingest', 1)], [lambda('Errors', 'Receive', 1)]],
    ['IngestThrottles', [lambda('Throttles', 'Ingest', 1)], [lambda('Throttles', 'Receive', 1)]],
    ['SweepThrottles', [lambda('Throttles', 'Sweep', 5)], [lambda('Throttles', 'Sweep', 4)]],
    [
      'StreamBehind',
      [lambda('IteratorAge', 'Forward', 300_001)],
      [lambda('IteratorAge', 'Forward', 300_000)],
    ],
    ['StreamRecordsGivenUp', [queue(1)], [queue(0)]],
    ['FrontDoorFailures', [frontDoor5xx, noMismatch], [frontDoor5xx, { ...noMismatch, value: 1 }]],
  ])('%s', (id, fault, healthy) => {
    expect(fires(alarm(id), [fault, fault])).toBe(true);
    expect(fires(alarm(id), [healthy, healthy])).toBe(false);
    expect(fires(alarm(id), [[], []])).toBe(false);
  });
});

describe('all alarms', () => {
  const alarms = () =>
    Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  type MetricOf = { Namespace: string; MetricName: string; Dimensions: { Name: string }[] };
  const metricsOf = ({ Properties }: Resource): MetricOf[] =>
    Properties.Metrics
      ? Properties.Metrics.flatMap(
          ({ MetricStat }: { MetricStat?: { Metric: MetricOf } }) => MetricStat?.Metric ?? [],
        )
      : [Properties as MetricOf];

  it('have a test above', () => {
    const tests = readFileSync(import.meta.filename, 'utf8');
    const named = alarms().map(([id]) => id.replace(/Alarm$/, ''));
    const missing = named.filter((id) => !new RegExp(`'(\\w+, )?${id}\\b`).test(tests));
    expect(missing).toEqual([]);
  });

  it('use metrics that the code sends, with the dimension it sends them with', () => {
    const ours = alarms().flatMap(([, resource]) =>
      metricsOf(resource).filter((m) => m.Namespace === metricNamespace),
    );
    expect(ours.length).toBeGreaterThan(12);
    for (const { MetricName, Dimensions } of ours) {
      expect(Object.keys(metricUnits)).toContain(MetricName);
      expect(Dimensions).toEqual([{ Name: 'service', Value: service }]);
    }
  });

  it('tell the topic when they fire and when it is over', () => {
    for (const [, { Properties }] of alarms()) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'Alarms' }]);
      expect(Properties.OKActions).toEqual([{ Ref: 'Alarms' }]);
    }
  });

  it('name a section of docs/operating.md that says what to do', () => {
    const runbook = readFileSync(path.join(root, 'docs/operating.md'), 'utf8');
    const sections = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => slug(title));
    const wanted = alarms().map(
      ([, { Properties }]) => Properties.AlarmDescription.match(/docs\/operating\.md#([\w-]+)$/)?.[1],
    );
    expect(wanted.filter((name) => !sections.includes(name))).toEqual([]);
  });

  const slug = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
});

it('the dashboard has a name of its own in each region', () => {
  const { DashboardName } = template.Resources['Dashboard']?.Properties ?? {};
  expect(DashboardName).toEqual({
    'Fn::Sub': expect.stringMatching(/^pagerduty-bridge-.+-\$\{AWS::Region\}$/),
  });
});

it('the dashboard shows only metrics that the code or AWS sends', () => {
  const body = JSON.parse(template.Resources['Dashboard']?.Properties.DashboardBody['Fn::Sub']);
  const metrics = body.widgets.flatMap(
    ({ properties }: { properties: { metrics?: unknown[][] } }) => properties.metrics ?? [],
  );
  const names = metrics.flatMap(([first, name]: [unknown, string]) => {
    if (first === metricNamespace) return [name];
    const { expression } = first as { expression?: string };
    return expression ? [expression.match(/MetricName="(\w+)"/)?.[1]] : [];
  });
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) expect(Object.keys(metricUnits)).toContain(name);
  expect(JSON.stringify(body)).toContain('NothingAuthenticatedAlarm.Arn');
});
