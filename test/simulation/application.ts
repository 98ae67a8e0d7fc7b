import { createSecrets } from '../../lib/adapters/aws/secrets.ts';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import { type Connection, connectBriefly } from '../../lib/adapters/pagerduty-api/connect.ts';
import type { DeploymentEntry } from '../../lib/domain/deployment/log-events.ts';
import { createForward, type Forward } from '../../lib/flow/forward/forward-events.ts';
import { createIngest, type Ingest } from '../../lib/flow/ingest/create-ingest.ts';
import { sources } from '../../lib/flow/ingest/sources.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import type { Receive } from '../../lib/flow/receive/receive-from.ts';
import { createReceive } from '../../lib/flow/receive/receive-webhook.ts';
import { createReconcile, type Reconciling } from '../../lib/flow/reconcile/scheduled.ts';
import { reconcileDeps } from '../../lib/flow/reconcile/wire.ts';
import { createSweep, type Sweep } from '../../lib/flow/sweep/sweep.ts';
import {
  type Http,
  type HttpAnswer,
  HttpFault,
  type HttpRequest,
  type Random,
  type Secrets,
  type Telemetry,
} from '../../lib/ports.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { createServicesOfRepository } from '../../lib/store/catalog/services-of-repository.ts';
import { iso } from '../../lib/store/database/due.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';
import { webhookUrl } from './account/rest-side.ts';
import { kindOf, labelOf } from './await-labels.ts';
import type { Dice } from './dice.ts';
import { connectionFault, serverFault, throttled } from './dynamodb/faults.ts';
import { type MemoryDynamoDb, operationName } from './dynamodb/memory-dynamodb.ts';
import { type Incarnation, silence } from './incarnation.ts';
import { isDatadog, type Reaction, type Receiver } from './receiver.ts';
import type { SecretsPlan } from './secrets-plan.ts';
import { bump, type Tally } from './tally.ts';

export const tablePrefix = 'sim-';
const shortTable = (name: string) => name.slice(tablePrefix.length);

/** The world as one process sees it. */
export interface Surroundings {
  database: MemoryDynamoDb;
  receivers: Map<string, Receiver>;
  secrets: SecretsPlan;
  dice: Dice;
  tally: Tally;
  now(): number;
  /** How many times longer than on a good day every call to the database takes. */
  databaseSlowness: number;
  /** Told of a call to the database just before it takes effect. */
  takesEffect(label: string): void;
  /** Told of index reads that were behind, short pages and unprocessed entries. */
  circumstance(label: string, input: unknown, output: Record<string, unknown>): void;
  metric(name: string, value: number): void;
  /** PagerDuty's REST API, where it can be asked. */
  askPagerDuty?: ((request: HttpRequest) => HttpAnswer) | undefined;
  trace(line: () => string): void;
}

/** The real handlers of the product on stand-ins for everything outside it. */
export interface Application {
  receive: Receive;
  /** Where nobody may report: absent. */
  ingest?: Ingest;
  /** Writes one event of a deployment down, as a source does. */
  tell(entry: DeploymentEntry): Promise<void>;
  forward: Forward;
  sweep: Sweep;
  /** Where nobody has a key to PagerDuty's REST API: absent. */
  reconcile?: Reconciling;
  store: Store;
  random: Random;
}

export function createApplication(
  process: Incarnation,
  around: Surroundings,
  config: BridgeConfig,
): Application {
  const store = storeOf(process, around);
  const clock = { now: process.now, sleep: process.sleep };
  const random: Random = {
    token: () => around.dice.id(20),
    unit: () => around.dice.unit(),
  };
  const telemetry = telemetryOf(process, around);
  const secrets = secretsOf(process, around, telemetry);
  const receive = createReceive({ store, secrets, clock, telemetry, config });
  const { ingest: reporting } = config;
  const ingest =
    reporting &&
    createIngest(sources, { store, secrets, clock, telemetry, config: { ...config, ingest: reporting } });
  const tell = async (entry: DeploymentEntry) => {
    const now = clock.now();
    await appendEvent(store, loggedEvent(entry, iso(now), {}), now);
  };
  const unavailable = () => Promise.reject(new Error('no AWS destination takes part in the simulation'));
  const destinations = createDestinations(config, {
    http: httpOf(process, around),
    secrets,
    clock,
    print: () => {},
    aws: { putEvents: unavailable, sendMessage: unavailable, publish: unavailable },
  });
  const deps = {
    store,
    clock,
    random,
    telemetry,
    config,
    matcher: createMatcher(store, config),
    servicesOfRepository: createServicesOfRepository(store, config.ingest),
    destinations,
    destinationNames: destinations.map(({ name }) => name),
  };
  const connection = connectionOf(process, around);
  const pagerDuty = connectBriefly(config.pagerduty, connection);
  const reconciling = reconcileDeps(config, { ...connection, store, telemetry, webhookUrl });
  return {
    receive,
    ...(ingest && { ingest }),
    tell,
    forward: createForward(deps),
    sweep: createSweep({ ...deps, pagerDuty }),
    ...(reconciling && { reconcile: createReconcile(reconciling) }),
    store,
    random,
  };
}

/** What it takes to ask PagerDuty. */
export const connectionOf = (process: Incarnation, around: Surroundings): Connection => ({
  http: httpOf(process, around),
  secrets: secretsOf(process, around, telemetryOf(process, around)),
  clock: { now: process.now, sleep: process.sleep },
  random: { unit: () => around.dice.unit() },
});

export function storeOf(process: Incarnation, around: Surroundings): Store {
  const { database, dice } = around;
  return {
    table: (name) => `${tablePrefix}${name}`,
    db: {
      send: (command) => {
        const operation = operationName(command);
        const label = labelOf(process.role, operation, command.input, shortTable);
        return process.call({
          label,
          kind: kindOf(operation, command.input),
          about: () => aboutItem(command.input),
          latency: [
            dice.between(1, 4) * around.databaseSlowness,
            dice.between(1, 4) * around.databaseSlowness,
          ],
          effect: () => {
            around.takesEffect(label);
            const output = database.execute(operation, command.input);
            around.circumstance(label, command.input, output);
            return output;
          },
          refused: serverFault,
          lost: dice.chance(0.5) ? connectionFault : serverFault,
          throttled: () => throttled(dice.chance(0.7) ? 'table' : 'account'),
        });
      },
    },
  };
}

/** The key values of a command, short enough for a line of the trace. */
function aboutItem(input: Record<string, unknown>): string {
  const values = Object.entries({
    ...(input['Key'] as object),
    ...(input['ExpressionAttributeValues'] as object),
  });
  const scalars = values.map(
    ([name, value]) => `${name}=${(value as { S?: string }).S ?? (value as { N?: string }).N ?? '…'}`,
  );
  const item = input['Item'] as Record<string, { S?: string; N?: string }> | undefined;
  const key = ['incident_id', 'log_key', 'delivery_id', 'sequence'].flatMap(
    (name) => item?.[name]?.S ?? item?.[name]?.N ?? [],
  );
  return `[${[...key, ...scalars].join(' ').slice(0, 300)}]`;
}

function httpOf(process: Incarnation, around: Surroundings): Http {
  return {
    send: async (request) => {
      if (request.url.startsWith(pagerDutyHost)) return askPagerDuty(process, around, request);
      const receiver = around.receivers.get(new URL(request.url).host.split('.')[0] as string);
      const { dice } = around;
      const slow = dice.chance(0.05);
      const reaction = await process.call<Reaction>({
        label: `${process.role} ${request.method} to ${receiver && isDatadog(receiver.plan.name) ? 'datadog' : 'a webhook'}`,
        kind: 'http',
        about: () => `[${request.headers['webhook-id'] ?? ''}]`,
        latency: [dice.between(5, 80), slow ? dice.spread(1_000, 20_000) : dice.between(5, 120)],
        timeoutMs: request.timeoutMs,
        effect: () => {
          const reaction = receiver?.handle(request, around.now());
          if (!reaction || reaction.kind === 'refused') throw new HttpFault('connect ECONNREFUSED');
          return reaction.kind === 'silence' ? silence : reaction;
        },
        refused: () => new HttpFault('connect ECONNREFUSED'),
        lost: () => new HttpFault('read ECONNRESET'),
        timedOut: () => new HttpFault('no answer in time', { timedOut: true }),
      });
      if (reaction.kind !== 'answer') throw new HttpFault('read ECONNRESET');
      reaction.receipt.heard = true;
      reaction.receipt.heardAt = around.now();
      return reaction.answer;
    },
  };
}

const pagerDutyHost = 'https://api.pagerduty.com/';

const askPagerDuty = (process: Incarnation, around: Surroundings, request: HttpRequest) =>
  process.call<HttpAnswer>({
    label: `${process.role} ${request.method} to PagerDuty`,
    kind: 'http',
    about: () => `[${request.url.slice(pagerDutyHost.length)}]`,
    latency: [around.dice.between(5, 80), around.dice.between(5, 120)],
    timeoutMs: request.timeoutMs,
    effect: () => {
      if (!around.askPagerDuty) throw new HttpFault('nobody asks PagerDuty in this run');
      return around.askPagerDuty(request);
    },
    refused: () => new HttpFault('connect ECONNREFUSED'),
    lost: () => new HttpFault('read ECONNRESET'),
    timedOut: () => new HttpFault('no answer in time', { timedOut: true }),
  });

/** The product's own cache over a stand-in for the parameter store. */
function secretsOf(process: Incarnation, around: Surroundings, telemetry: Telemetry): Secrets {
  return createSecrets({
    environment: {},
    clock: { now: process.now },
    telemetry,
    readParameter: (name) =>
      process.call({
        label: `${process.role} read parameter ${name}`,
        kind: 'secret',
        latency: [around.dice.between(5, 30), around.dice.between(5, 30)],
        effect: () => around.secrets.parameter(name, process.now()),
        refused: () => new Error('SSM is not available'),
        lost: () => new Error('SSM did not answer'),
      }),
  });
}

function telemetryOf(process: Incarnation, around: Surroundings): Telemetry {
  const line = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    bump(around.tally.counts, `log ${level}`);
    around.trace(() => `${process.role}-${process.id} ${level}: ${message} ${printed(fields)}`);
  };
  return {
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    metric: (name, value) => around.metric(name, value),
  };
}

function printed(fields: Record<string, unknown> | undefined): string {
  return JSON.stringify(fields ?? {}, (_, value) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
}
