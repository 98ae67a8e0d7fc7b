import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { identifyById } from '../../../lib/domain/deployment/identify.ts';
import { reported } from '../../../lib/domain/deployment/log-events.ts';
import { importDatadog } from '../../../lib/flow/import-datadog/import-datadog.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { type Answer, type LocalServer, startServer } from '../../adapters/outgoing-http/local-server.ts';
import { createTestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { scan } from '../../support/scan.ts';
import { createDeploymentFixture, type DeploymentFixture } from '../deployments/fixture.ts';
import { at, minute, page, startMs, told } from '../freeze/fixture.ts';

const keys = { 'env:API': ['the-api-key'], 'env:APP': ['the-application-key'] };

interface Listed {
  id: string;
  attributes: Record<string, unknown> & { started_at: string };
}

/** A deployment of minute `at` as Datadog lists it. */
const detected = (id: string, atMinute: number, more: object = {}): Listed => ({
  id,
  attributes: {
    service: 'checkout-api',
    env: 'prod',
    version: `1.${atMinute + 1000}.0`,
    started_at: minute(atMinute),
    change_failure: null,
    source: 'apm_deployments',
    ...more,
  },
});

/** Datadog: lists what it knows, so many at once, takes deployments and marks; and answers otherwise when told so. */
let known: Listed[];
let faults: ((answer: Answer) => void)[];
let most: number;
let server: LocalServer;
let fixture: DeploymentFixture;
beforeAll(async () => {
  server = await startServer((answer, { method, path, body }) => {
    const isList = method === 'POST' && path === '/api/v2/dora/deployments';
    const { attributes, id } = JSON.parse(body).data;
    if (isList && faults.length > 0) return faults.shift()?.(answer);
    if (isList) {
      const data = known
        .filter(
          ({ attributes: { started_at } }) => started_at >= attributes.from && started_at <= attributes.to,
        )
        .sort((a, b) => (a.attributes.started_at > b.attributes.started_at ? -1 : 1))
        .slice(0, most);
      return void answer.writeHead(200).end(JSON.stringify({ data }));
    }
    const found = known.find((each) => each.id === id);
    if (method === 'PATCH' && !found) return void answer.writeHead(404).end('{"errors":["Not Found"]}');
    if (found) Object.assign(found.attributes, attributes);
    answer.writeHead(202).end('{"data":null}');
  });
});
afterAll(() => server.stop());

const datadog = (more: object = {}) => ({
  name: 'dd',
  type: 'datadog',
  base_url: server.url,
  api_key: 'env:API',
  application_key: 'env:APP',
  report: ['change_failures'],
  datadog_deployments: 'poll',
  ...more,
});
const hook = () => ({ name: 'hook', type: 'webhook', url: fixture.receiver.url, events: ['deployment.*'] });

/** A bridge on the fixture's database, as if it had just been started. */
function bridge(more: object = {}) {
  const config = { destinations: [hook(), datadog(more)], default_env: 'prod' };
  return createTestBridge(fixture.store, { clock: fixture.clock, secrets: keys, config });
}

beforeEach(async () => {
  known = [];
  faults = [];
  most = 500;
  server.received.length = 0;
  fixture = createDeploymentFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const lists = () =>
  server.received.filter(({ method, path }) => method === 'POST' && path.endsWith('/deployments'));
const rangeOf = ({ body }: { body: string }) =>
  JSON.parse(body).data.attributes as { from: string; to: string };
/** A list is asked for page by page, until there is nothing. */
const passes = () => new Set(lists().map((request) => rangeOf(request).from)).size;
const rows = async (): Promise<Row[]> => scan(fixture.store, 'deployments');
const versions = async () => (await rows()).map(({ version }) => version).sort();
const state = async () =>
  (await scan(fixture.store, 'state')).find(({ name }) => name === 'detected:dd') ?? {};
/** Lets `minutes` pass, a sweep each. */
async function pass(run: ReturnType<typeof bridge>, minutes: number): Promise<void> {
  for (let count = 0; count < minutes; count++) {
    fixture.clock.advance(60_000);
    await run.sweep();
  }
}

describe('deployments that Datadog has detected', () => {
  it('are asked for every five minutes, with both keys, and become deployments of the source datadog', async () => {
    known = [detected('43vkaZNgiso', 30)];
    const run = bridge();
    await pass(run, 11);
    expect(passes()).toBe(3);
    expect(lists()[0]?.headers).toMatchObject({
      'dd-api-key': 'the-api-key',
      'dd-application-key': 'the-application-key',
    });
    expect(await rows()).toMatchObject([
      {
        deployment_id: identifyById('43vkaZNgiso').id,
        external_id: '43vkaZNgiso',
        service: 'checkout-api',
        team: 'payments',
        env: 'prod',
        version: '1.1030.0',
        status: 'succeeded',
        started_at: minute(30),
        finished_at: minute(30),
        sources: ['datadog'],
      },
    ]);
    expect(fixture.events().map(({ type, deployment }) => [type, deployment.detected_by])).toEqual([
      ['deployment.finished', 'dd'],
    ]);
  });

  it('come once, however often they are listed, and are not written again', async () => {
    known = [detected('43vkaZNgiso', 30)];
    const run = bridge();
    await pass(run, 2);
    const { receivedWrites, through } = counting();
    const again = createTestBridge(through, {
      clock: fixture.clock,
      secrets: keys,
      config: { destinations: [datadog()] },
    });
    await pass(again, 12);
    expect(passes()).toBeGreaterThan(2);
    expect(receivedWrites.filter((table) => table === 'test-events')).toEqual([]);
    expect(fixture.events()).toHaveLength(1);
  });

  it('are only those: what somebody has told Datadog, this bridge among them, does not come back', async () => {
    known = [
      detected('deployment-of-this-bridge', 20, { source: 'api' }),
      detected('2a47b5f25b160b8a', 25, { source: undefined }),
      detected('43vkaZNgiso', 30),
    ];
    await pass(bridge(), 2);
    expect(await versions()).toEqual(['1.1030.0']);
  });

  const byCi = (): DeploymentReport => ({
    source: 'github',
    service: 'checkout-api',
    env: 'prod',
    version: '1.1030.0',
    status: 'succeeded',
    started_at: minute(25),
    finished_at: minute(29),
    custom_tags: [],
  });
  it.each([true, false])(
    'are one with what CI has told of the same version (CI first: %s)',
    async (first) => {
      known = [detected('43vkaZNgiso', 30)];
      const run = bridge();
      const tell = async () => {
        const { subject, logKey } = await fixture.append(reported(byCi()));
        await run.wake(subject, logKey);
      };
      if (first) await tell();
      await pass(run, 2);
      if (!first) await tell();
      await pass(run, 2);
      const counted = (await rows()).filter(({ same_as }) => same_as === undefined);
      expect(counted.map(({ sources }) => [...(sources as string[])].sort())).toEqual([
        ['datadog', 'github'],
      ]);
      expect(
        new Set(fixture.events().map(({ deployment }) => deployment.same_as ?? deployment.id)).size,
      ).toBe(1);
    },
  );

  it('are the same that an import has read, whichever came first', async () => {
    known = [detected('43vkaZNgiso', 30)];
    const deps = { store: fixture.store, clock: fixture.clock, isKnown: () => false };
    const ask = async () => (asked++ === 0 ? known : []);
    let asked = 0;
    await importDatadog({ ...deps, ask }, 'deployments', { fromMs: startMs, toMs: startMs + 86_400_000 });
    await pass(bridge(), 3);
    asked = 0;
    await importDatadog({ ...deps, ask }, 'deployments', { fromMs: startMs - 1, toMs: startMs + 86_400_000 });
    await pass(bridge(), 3);
    expect(await versions()).toEqual(['1.1030.0']);
  });

  it('are told again where Datadog knows better when they ended', async () => {
    known = [detected('43vkaZNgiso', 30)];
    const run = bridge();
    await pass(run, 2);
    known = [detected('43vkaZNgiso', 30, { finished_at: minute(33) })];
    await pass(run, 7);
    expect(await rows()).toMatchObject([{ finished_at: minute(33) }]);
    expect(fixture.events().map(({ finished_at }) => finished_at)).toEqual([minute(30), minute(33)]);
  });

  it('are found although they are shown hours later than they began', async () => {
    const run = bridge();
    await pass(run, 2);
    fixture.clock.advance(5 * 3_600_000);
    known = [detected('43vkaZNgiso', 30)];
    await pass(run, 2);
    expect(await versions()).toEqual(['1.1030.0']);
  });

  it('are marked there under their own id once an incident is laid to one, and never sent there', async () => {
    known = [detected('43vkaZNgiso', 30)];
    const run = bridge({ report: ['change_failures', 'deployments'] });
    await pass(run, 2);
    await run.deliver(
      told('QBROKEN', 'incident.triggered', 40, { created_at: minute(40), service: at('PCHECK') }),
    );
    await pass(run, 8);
    expect(await rows()).toMatchObject([{ change_failure: true, caused: ['QBROKEN'] }]);
    expect(known[0]?.attributes['change_failure']).toBe(true);
    const others = server.received.filter(({ path }) => !path.endsWith('/deployments'));
    expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PATCH /api/v2/dora/deployments/43vkaZNgiso',
    ]);
  });

  it('bring no verdict: the mark from here would come back as one', async () => {
    known = [detected('43vkaZNgiso', 30, { change_failure: true })];
    await pass(bridge(), 2);
    expect((await rows())[0]).not.toHaveProperty('change_failure');
  });

  const answering =
    (status: number, headers: Record<string, string> = {}, body = '{}') =>
    (answer: Answer) =>
      void answer.writeHead(status, headers).end(body);
  it.each<[string, (answer: Answer) => void, number]>([
    ['answers 500', answering(500), 5],
    ['answers 503', answering(503), 5],
    ['refuses the key', answering(403), 5],
    ['asks for a pause', answering(429, { 'x-ratelimit-reset': '900' }), 15],
    ['asks for a short one', answering(429, { 'retry-after': '3' }), 5],
    ['asks for half a day', answering(429, { 'retry-after': '43200' }), 60],
    ['breaks off within its answer', answering(200, {}, '{"data":[{"id":"43v'), 5],
    ['hangs up', (answer) => void answer.destroy(), 5],
  ])('are asked for once more when Datadog %s, and nothing is lost', async (_, fault, minutes) => {
    known = [detected('43vkaZNgiso', 30)];
    faults = [fault];
    const run = bridge();
    await pass(run, 1);
    expect(await state()).toMatchObject({ last_error: expect.stringMatching(/^Datadog/) });
    await pass(run, minutes - 1);
    expect(passes()).toBe(1);
    await pass(run, 3);
    expect(await versions()).toEqual(['1.1030.0']);
    expect(await state()).not.toHaveProperty('last_error');
    expect(JSON.stringify([run.deps.telemetry.lines, await state()])).not.toMatch(
      /the-(api|application)-key/,
    );
  });

  it('say by the metric of a destination that is down for how long they cannot be read, and stop no sweep', async () => {
    faults = Array.from({ length: 99 }, () => answering(403));
    const run = bridge();
    await pass(run, 70);
    const down = run.deps.telemetry.metrics.filter(({ name }) => name === 'DestinationDownFor');
    expect(Math.max(...down.map(({ value }) => value))).toBeGreaterThan(3_600);
    expect(down[0]).toMatchObject({ destination: 'dd' });
    expect(run.deps.telemetry.count('SweepHeartbeat')).toBe(70);
    faults = [];
    await pass(run, 6);
    const before = run.deps.telemetry.count('DestinationDownFor');
    await pass(run, 3);
    expect(run.deps.telemetry.count('DestinationDownFor')).toBe(before);
  });

  it('go on where reading was broken off, and in another process', async () => {
    most = 2;
    known = Array.from({ length: 9 }, (_, index) => detected(`d${index}`.padEnd(11, 'x'), index * 5));
    faults = [answering(200, {}, JSON.stringify({ data: known.slice(-2).reverse() })), answering(429)];
    await pass(bridge(), 2);
    expect(await versions()).toHaveLength(2);
    const asked = lists().length;
    await pass(bridge(), 6);
    expect(await versions()).toHaveLength(9);
    expect(
      lists()
        .slice(asked, asked + 1)
        .map(rangeOf),
    ).toMatchObject([{ to: minute(35) }]);
  });

  it('are asked for by one of two sweeps', async () => {
    known = [detected('43vkaZNgiso', 30)];
    await Promise.all([bridge().sweep(), bridge().sweep(), bridge().sweep()]);
    expect(passes()).toBe(1);
    expect(lists()).toHaveLength(3);
  });

  it('are not asked for without `datadog_deployments: poll`', async () => {
    await pass(bridge({ datadog_deployments: undefined }), 3);
    expect(server.received).toEqual([]);
  });
});

/** The fixture's database, with what is written into which table. */
function counting() {
  const receivedWrites: string[] = [];
  const { store } = fixture;
  const send = async (command: { constructor: { name: string }; input: { TableName?: string } }) => {
    if (/^Put/.test(command.constructor.name)) receivedWrites.push(String(command.input.TableName));
    return store.db.send(command as never);
  };
  return { receivedWrites, through: { ...store, db: { send } } as typeof store };
}
