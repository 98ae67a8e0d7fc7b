import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import type { DestinationConfig } from '../../lib/adapters/destinations/destination-config.ts';
import { createForward } from '../../lib/flow/forward/forward-events.ts';
import { createReceive } from '../../lib/flow/receive/receive-webhook.ts';
import type { WorkDeps } from '../../lib/flow/subjects/deps.ts';
import { createSweep } from '../../lib/flow/sweep/sweep.ts';
import type { Http, Telemetry } from '../../lib/ports.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { createServicesOfRepository } from '../../lib/store/catalog/services-of-repository.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { type TableName, tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { backfillDelivery } from '../../lib/store/deliveries/new-deliveries.ts';
import { freeze } from '../../lib/store/outgoing/outgoing.ts';
import { triggered } from '../adapters/destinations/incident-events.ts';
import { createMemoryDynamoDb, type MemoryDynamoDb } from '../simulation/dynamodb/memory-dynamodb.ts';
import { createScheduler, type Scheduler } from '../simulation/scheduler.ts';
import { signingSecret, testConfig } from './bridge.ts';
import { signedRequest, type WebhookBody } from './webhooks.ts';

const startMs = Date.parse('2026-03-02T08:00:00.000Z');
/** What a call to DynamoDB takes, there and back. */
const databaseMs = 5;
const minute = 60_000;

/** How a receiver of a virtual bridge behaves, and what it has seen. */
export interface VirtualReceiver {
  answersAfterMs: number;
  status: number;
  /** Ids in the order of arrival, and when each came. */
  arrived: string[];
  times: Map<string, number>;
  atOnce: number;
  mostAtOnce: number;
}

/** Real workers on an in-memory database and receivers that answer when they like, in time that is not waited for. */
export interface VirtualBridge {
  scheduler: Scheduler;
  store: Store;
  database: MemoryDynamoDb;
  receivers: Map<string, VirtualReceiver>;
  /** A worker of its own, as each Lambda environment is. */
  worker(): { forward: ReturnType<typeof createForward>; sweep: ReturnType<typeof createSweep> };
  /** Takes a webhook in; the stream's record of it. */
  tell(body: WebhookBody): Promise<unknown>;
  /** Owes each of `incidents` incidents `events` events to a destination, due at once. */
  owe(destination: string, incidents: number, events: number): Promise<void>;
  /** Starts a sweep each minute in a worker of its own, as AWS does. */
  sweepEachMinute(until: () => boolean): void;
  /** Lets time pass until `finished`; the milliseconds that took. */
  run(finished: () => boolean): Promise<number>;
}

export function createVirtualBridge(
  destinations: (Partial<DestinationConfig> & { name: string; answersAfterMs: number })[],
): VirtualBridge {
  const scheduler = createScheduler(startMs);
  const sleep = (ms: number) => new Promise<void>((resolve) => scheduler.after(ms, resolve));
  const clock = { now: scheduler.now, sleep };
  const table = (name: TableName) => name;
  const database = createMemoryDynamoDb(tableDefinitions, table, { now: scheduler.now });
  const store: Store = {
    table,
    db: {
      send: async (command) => {
        await sleep(databaseMs);
        return database.send(command);
      },
    },
  };
  const receivers = new Map(
    destinations.map(({ name, answersAfterMs }): [string, VirtualReceiver] => [
      name,
      { answersAfterMs, status: 204, arrived: [], times: new Map(), atOnce: 0, mostAtOnce: 0 },
    ]),
  );
  const http: Http = {
    send: async ({ url, headers }) => {
      const receiver = receivers.get(new URL(url).host.split('.')[0] as string) as VirtualReceiver;
      receiver.arrived.push(headers['webhook-id'] as string);
      receiver.times.set(headers['webhook-id'] as string, scheduler.now());
      receiver.atOnce += 1;
      receiver.mostAtOnce = Math.max(receiver.mostAtOnce, receiver.atOnce);
      await sleep(receiver.answersAfterMs);
      receiver.atOnce -= 1;
      return { status: receiver.status, headers: {}, body: '' };
    },
  };
  const unavailable = () => Promise.reject(new Error('no AWS in this test'));
  const silent: Telemetry = { info() {}, warn() {}, error() {}, metric() {} };
  const config = {
    ...testConfig,
    unmatched: 'passthrough' as const,
    destinations: destinations.map(({ answersAfterMs: _, ...rest }) => ({
      type: 'webhook',
      url: `https://${rest.name}.example.com/`,
      ...rest,
    })),
  };
  let serial = 0;
  const worker = () => {
    const made = createDestinations(config, {
      http,
      secrets: { read: unavailable },
      clock,
      print: () => {},
      aws: { putEvents: unavailable, sendMessage: unavailable, publish: unavailable },
    });
    const deps: WorkDeps = {
      store,
      clock,
      random: { token: () => `token-${++serial}`, unit: () => 0.5 },
      telemetry: silent,
      config,
      matcher: createMatcher(store, config),
      servicesOfRepository: createServicesOfRepository(store, config.ingest),
      destinations: made,
      destinationNames: made.map(({ name }) => name),
    };
    return { forward: createForward(deps), sweep: createSweep(deps) };
  };
  const direct: Store = { table, db: { send: (command) => database.send(command) } };
  let inserted: Record<string, unknown> | undefined;
  const tapped: Store = {
    table,
    db: {
      send: (command) => {
        inserted = command.input.Item;
        return database.send(command);
      },
    },
  };
  const receive = createReceive({
    store: tapped,
    secrets: { read: async () => [signingSecret] },
    clock,
    telemetry: silent,
    config,
  });
  return {
    scheduler,
    store: direct,
    tell: async (body) => {
      const { method, headers, body: text } = signedRequest(body, signingSecret);
      const rawBody = new TextEncoder().encode(text);
      await receive({ method, headers, rawBody, arrivedAtMs: scheduler.now() });
      const { incident_id, log_key } = inserted ?? {};
      const SequenceNumber = String(++serial);
      return { eventName: 'INSERT', dynamodb: { SequenceNumber, Keys: { incident_id, log_key } } };
    },
    database,
    receivers,
    worker,
    owe: async (destination, incidents, events) => {
      for (let incident = 0; incident < incidents; incident++) {
        for (let sequence = 1; sequence <= events; sequence++) {
          const incidentId = `Q${incident}`;
          const eventId = `${incidentId}-${sequence}`;
          const at = new Date(startMs).toISOString();
          await freeze(direct, {
            incidentId,
            sequence,
            eventId,
            logKey: `${at}#${eventId}`,
            frozenAt: at,
            receivedAt: at,
            destinations: [destination],
            leftOut: [],
            begins: [],
            corrects: false,
            beside: {},
            stay: 'P1#1',
            event: { ...triggered, id: eventId, sequence },
            expiresAt: startMs / 1000 + 1_000_000,
          });
          const key = { incidentId, destination, sequence };
          await backfillDelivery(direct, key, { eventId, eventType: triggered.type }, startMs);
        }
      }
    },
    sweepEachMinute: (until) => {
      const tick = () => {
        if (until()) return;
        void worker().sweep(minute);
        scheduler.after(minute, tick);
      };
      tick();
    },
    run: async (finished) => {
      const from = scheduler.now();
      await scheduler.run(finished);
      return scheduler.now() - from;
    },
  };
}
