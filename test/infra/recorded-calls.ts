import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { createPagerDutyApi } from '../../lib/adapters/pagerduty-api/api.ts';
import { tokenCredentials } from '../../lib/adapters/pagerduty-api/credentials.ts';
import { createCatalogSync } from '../../lib/flow/catalog-sync/sync-sources.ts';
import { createIngest } from '../../lib/flow/ingest/create-ingest.ts';
import { sources } from '../../lib/flow/ingest/sources.ts';
import { createReconcile } from '../../lib/flow/reconcile/scheduled.ts';
import { pushCatalog } from '../../lib/store/catalog/push.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { lastEventKey, markEventDue } from '../../lib/store/events/events.ts';
import { markOwing } from '../../lib/store/incidents/incidents.ts';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { tell } from '../flow/reconcile/stories.ts';
import { createTestBridge, createTestClock, createTestTelemetry } from '../support/bridge.ts';
import { appendReport, deployed } from '../support/deployments.ts';
import { startMemoryEndpoint } from '../support/memory-endpoint.ts';
import { jsonExport } from '../support/otlp.ts';
import { createAccount } from '../support/pagerduty/account.ts';
import { httpTo } from '../support/pagerduty/reach.ts';
import { restViewOf } from '../support/pagerduty/rest-view.ts';
import { startReceiver } from '../support/receiver.ts';
import { webhookBody } from '../support/webhooks.ts';
import { capitalized } from './packaged-service.ts';

/** One DynamoDB operation that a handler made: as IAM names it, and the resource as the template does. */
export interface RecordedCall {
  by: string;
  action: string;
  resource: string;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * Runs the handlers' code through everything that makes them call DynamoDB: new and repeated webhooks, each of
 * the four rules, what is held and comes free, moves, resolves, reopens, late events, service events, events
 * without an incident, quarantine, destinations that fail, hang, refuse, disappear.
 */
export async function recordCalls(): Promise<RecordedCall[]> {
  const database = await startMemoryEndpoint();
  const receiver = await startReceiver();
  const calls: RecordedCall[] = [];
  let by = 'receive';
  const store: Store = {
    ...database.store,
    db: {
      send(command) {
        calls.push(describeCall(by, command, database.prefix));
        return database.store.db.send(command);
      },
    },
  };
  const as = <T>(name: string, work: () => T): T => {
    by = name;
    return work();
  };
  const clock = createTestClock();
  const hook = (name: string) => ({ name, type: 'webhook', url: receiver.url });
  const bridgeWith = (config: Partial<BridgeConfig>) => {
    const bridge = createTestBridge(store, { config, clock });
    const { send, wake, sweep } = bridge;
    bridge.send = (...args) => as('receive', () => send(...args));
    bridge.wake = (...args) => as('forward', () => wake(...args));
    bridge.sweep = () => as('sweep', sweep);
    return bridge;
  };
  try {
    await pushCatalog(
      { store: database.store, clock, random: { token: () => 'push', unit: () => 0.5 } },
      catalog,
    );
    const bridge = bridgeWith({
      destinations: [hook('one'), hook('two'), { ...hook('three'), events: ['deployment.*'] }],
      ingest: { settle_minutes: 15, repositories: { 'github.com/acme/mono': ['cart', 'billing'] } },
    });
    await lifeOfAnIncident(bridge, 'PNAME', 'checkout-api');
    await lifeOfAnIncident(bridge, 'PTEAM', 'payments');
    await bridge.send('not json');
    await bridge.send(webhook('pagey.ping', { type: 'ping', message: 'Hello' }));
    await bridge.deliver(webhook('service.updated', { id: 'PNAME', type: 'service', summary: 'Renamed' }));
    await bridge.deliver(webhook('something.new', { id: 'X' }));
    await bridge.send(webhook('service.updated', { id: 'PNAME', type: 'service', summary: 'Renamed again' }));

    // Held, then freed by a pin, then moved to another service.
    await lifeOfAnIncident(bridge, 'PHELD', 'Nobody knows');
    await bridge.sweep();
    await pinService(database.store, 'SPHELD', { services: [], team: 'core' });
    await bridge.sweep();
    clock.advance(2 * hour);
    await bridge.sweep();
    await bridge.deliver(incident('incident.service_updated', 'PNAME', service('PNAME', 'checkout-api')));

    // What the stream missed, what a destination refuses for good, what fails and comes back.
    await bridge.send(incident('incident.triggered', 'PMISSED', service('PNAME', 'checkout-api')));
    clock.advance(hour);
    await bridge.sweep();
    receiver.answerWith(422, 422, 500, 500, 500, 500, 500, 500, 500, 500);
    await lifeOfAnIncident(bridge, 'PFAILING', 'checkout-api');
    for (let round = 0; round < 6; round++) {
      clock.advance(2 * hour);
      await bridge.sweep();
    }

    // A worker died when everything was frozen already; the stream brings the event once more.
    const last = await lastEventKey(database.store, 'PNAME');
    if (!last) throw new Error('PNAME has no events');
    await markEventDue(database.store, last, clock.now() + hour);
    await bridge.wake(last.incidentId, last.logKey);

    // What a person sent again, finished by either of them.
    await markOwing(database.store, 'PNAME');
    await bridge.deliver(incident('incident.delegated', 'PNAME', service('PNAME', 'checkout-api')));
    await markOwing(database.store, 'PTEAM');
    await bridge.send(incident('incident.delegated', 'PTEAM', service('SPTEAM', 'payments')));
    clock.advance(hour);
    await bridge.sweep();

    // A deployment of two services, by its repository, then one the stream missed.
    const together = { service: undefined, repository_id: 'github.com/acme/mono' };
    const mono = await appendReport(database.store, clock.now(), deployed(0, together));
    await bridge.wake(mono.subject, mono.logKey);
    const one = await appendReport(database.store, clock.now(), deployed(30));
    await bridge.wake(one.subject, one.logKey);
    await appendReport(database.store, clock.now(), deployed(60, together));
    clock.advance(hour);
    await bridge.sweep();

    // A destination that was taken out of the configuration while it is owed something.
    receiver.answerWith(500, 500, 500, 500);
    await lifeOfAnIncident(bridge, 'PREMOVED', 'checkout-api');
    clock.advance(2 * hour);
    const without = bridgeWith({ destinations: [hook('one')] });
    await without.sweep();
    await without.deliver(incident('incident.delegated', 'PREMOVED', service('SPREMOVED', 'checkout-api')));

    await as('catalog-sync', () => syncCatalogs(store, clock));
    // What the worker makes of versions in between is not ingest's doing.
    const worker = createTestBridge(database.store, { clock });
    await as('ingest', () => reportThings(store, clock, worker.sweep));
    await as('reconcile', () => compareWithPagerDuty(store, clock));
  } finally {
    await receiver.close();
    await database.stop();
  }
  return calls;
}

/** Deployments and incidents that others report, look up, change and take back; versions that telemetry shows. */
async function reportThings(
  store: Store,
  clock: ReturnType<typeof createTestClock>,
  work: () => Promise<void>,
): Promise<void> {
  const ingest = createIngest(sources, {
    store,
    clock,
    telemetry: createTestTelemetry(),
    secrets: { read: async () => ['key'] },
    config: {
      retention_days: 400,
      metrics_retention_days: 800,
      link: { window_hours: 24 },
      ingest: { api_keys: 'env:A', application_keys: 'env:B', settle_minutes: 15 },
    },
  });
  const ask = (method: string, path: string, attributes: object = {}, data: object = {}) =>
    ingest.handle({
      method,
      path: `/api/v2/dora/${path}`,
      query: '',
      headers: { 'dd-api-key': 'key', 'dd-application-key': 'key' },
      rawBody: new TextEncoder().encode(JSON.stringify({ data: { ...data, attributes } })),
      arrivedAtMs: clock.now(),
    });
  const seconds = Math.floor(clock.now() / 1000);
  const times = { started_at: seconds - 60, finished_at: seconds };
  await ask('POST', 'deployment', { service: 'checkout-api', ...times });
  await ask('POST', 'failure', { services: ['checkout-api'], ...times });
  await ask('POST', 'deployments', {}, { type: 'dora_deployments_list_request' });
  await ask('POST', 'failures', {}, { type: 'dora_failures_list_request' });
  await ask('GET', 'deployments/none');
  await ask('GET', 'failures/none');
  const verdict = { change_failure: true, service: 'checkout-api', env: 'prod', version: '1' };
  await ask('PATCH', 'deployments', verdict, { type: 'dora_deployment_patch_request' });

  // The version that was there reports beside a new one.
  for (const version of ['1', '2', '1']) {
    await ingest.handle({
      method: 'POST',
      path: '/v1/metrics',
      query: '',
      headers: { 'dd-api-key': 'key', 'content-type': 'application/json' },
      rawBody: jsonExport([{ 'service.name': 'checkout-api', 'service.version': version }]),
      arrivedAtMs: clock.now(),
    });
    clock.advance(minute);
    await work();
    clock.advance(16 * minute);
  }
  await ingest.handle({
    method: 'GET',
    path: '/api/v2/metrics/dora',
    query: 'since=2d',
    headers: { 'dd-api-key': 'key', 'dd-application-key': 'key' },
    rawBody: new Uint8Array(),
    arrivedAtMs: clock.now(),
  });
}

/** Incidents that PagerDuty knows and webhooks did not tell, and one that is open here alone. */
async function compareWithPagerDuty(store: Store, clock: ReturnType<typeof createTestClock>): Promise<void> {
  const story = tell('QUNTOLD', clock.now() + minute - (clock.now() % minute), [
    [0, 'triggered'],
    [1, 'annotated', { type: 'incident_note', content: 'Looking into it' }],
  ]);
  const account = createAccount(clock, { incidents: [] });
  const api = createPagerDutyApi({
    http: httpTo(account),
    clock,
    random: { unit: () => 0.5 },
    credentials: tokenCredentials(async () => 'read-key'),
    baseUrl: 'https://api.pagerduty.com',
  });
  const run = createReconcile({ api, store, clock, telemetry: createTestTelemetry(), retentionDays: 400 });
  await run(600_000);
  account.incidents = [restViewOf(story)];
  clock.advance(hour);
  await run(600_000);
}

/** Live catalogs that come, grow, agree with others, shrink, and stay; what they leave behind is cleared away. */
async function syncCatalogs(store: Store, clock: ReturnType<typeof createTestClock>): Promise<void> {
  const definition = (name: string) => ({ 'schema-version': 'v2.2', 'dd-service': name, team: 'payments' });
  for (const names of [
    ['checkout-api', 'cart', 'billing'],
    ['cart', 'billing', 'basket'],
    ['cart', 'billing', 'basket'],
    ['cart'],
  ]) {
    const text = JSON.stringify({
      data: names.map((name) => ({ attributes: { schema: definition(name) } })),
    });
    const telemetry = createTestTelemetry();
    let tokens = 0;
    const random = { token: () => `${clock.now()}-${++tokens}`, unit: () => 0.5 };
    const sources = ['one', 'two'].map((name) => ({ name, read: async () => [text] }));
    await createCatalogSync({ store, clock, random, telemetry, sources })();
    clock.advance(25 * hour);
  }
}

type Bridge = ReturnType<typeof createTestBridge>;

async function lifeOfAnIncident(bridge: Bridge, id: string, serviceName: string): Promise<void> {
  const where = service(`S${id}`, serviceName);
  for (const [type, status] of [
    ['incident.triggered', 'triggered'],
    ['incident.acknowledged', 'acknowledged'],
    ['incident.resolved', 'resolved'],
    ['incident.reopened', 'triggered'],
  ] as const) {
    const body = incident(type, id, { ...where, status });
    await bridge.deliver(body);
    await bridge.deliver(body);
  }
  const late = incident('incident.priority_updated', id, { ...where, status: 'triggered' });
  late.event.occurred_at = '2026-03-02T09:00:00Z';
  await bridge.deliver(late);
}

const service = (id: string, summary: string) => ({ service: { id, type: 'service_reference', summary } });

const webhook = (type: string, data: Record<string, unknown>) =>
  webhookBody(type, { at: new Date().toISOString(), data });

const incident = (type: string, id: string, data: Record<string, unknown>) =>
  webhook(type, { id, teams: [], ...data });

const catalog = {
  source: 'roles',
  entries: [
    {
      type: 'service' as const,
      name: 'checkout-api',
      kind: 'service',
      namespace: 'default',
      team: 'payments',
      format: 'datadog-v3' as const,
    },
  ],
};

interface Command {
  constructor: { name: string };
  input: { TableName?: string; IndexName?: string; RequestItems?: Record<string, unknown> };
}

function describeCall(by: string, command: Command, prefix: string): RecordedCall {
  const { input } = command;
  const [table = ''] = input.TableName ? [input.TableName] : Object.keys(input.RequestItems ?? {});
  const name = table.slice(prefix.length);
  if (!tableDefinitions.some((known) => known.name === name)) throw new Error(`an unknown table: ${name}`);
  const index = input.IndexName ? `/index/${input.IndexName}` : '';
  return {
    by,
    action: `dynamodb:${command.constructor.name.replace(/Command$/, '')}`,
    resource: `${capitalized(name)}Table${index}`,
  };
}
