import { randomUUID } from 'node:crypto';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { createDestinations } from '../../lib/adapters/destinations/create-destinations.ts';
import { createDetecting } from '../../lib/adapters/destinations/datadog/detecting.ts';
import { createGitHosts } from '../../lib/adapters/git-hosts/git-hosts.ts';
import type { EdgeResponse } from '../../lib/adapters/incoming-http/request.ts';
import { createNodeHttp } from '../../lib/adapters/outgoing-http/node-http.ts';
import { createForward } from '../../lib/flow/forward/forward-events.ts';
import { createReceive } from '../../lib/flow/receive/receive-webhook.ts';
import type { WorkDeps } from '../../lib/flow/subjects/deps.ts';
import { createSweep } from '../../lib/flow/sweep/sweep.ts';
import type { Clock, Http, Secrets, Telemetry } from '../../lib/ports.ts';
import { createMatcher } from '../../lib/store/catalog/matcher.ts';
import { createServicesOfRepository } from '../../lib/store/catalog/services-of-repository.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { signedRequest, type WebhookBody } from './webhooks.ts';

export const signingSecret = 'whsec-of-the-tests';

/** A clock that the test sets forward by hand. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(startMs = Date.now()): TestClock {
  let ahead = startMs - Date.now();
  return {
    now: () => Date.now() + ahead,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    advance: (ms) => {
      ahead += ms;
    },
  };
}

export interface TestTelemetry extends Telemetry {
  lines: { level: string; message: string; fields: unknown }[];
  metrics: { name: string; value: number; destination?: string }[];
  count(name: string): number;
}

export function createTestTelemetry(): TestTelemetry {
  const lines: TestTelemetry['lines'] = [];
  const metrics: TestTelemetry['metrics'] = [];
  const log = (level: string) => (message: string, fields?: unknown) => {
    lines.push({ level, message, fields });
  };
  return {
    lines,
    metrics,
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    metric: (name, value, destination) => {
      metrics.push({ name, value, ...(destination ? { destination } : {}) });
    },
    count: (name) => metrics.filter((each) => each.name === name).length,
  };
}

export const testConfig: BridgeConfig = {
  authenticate: { signing_secrets: 'env:SIGNING' },
  severity: {},
  unmatched: 'hold',
  retry: { horizon_hours: 168 },
  retention_days: 400,
  metrics_retention_days: 800,
  link: { window_hours: 24 },
  destinations: [],
};

export interface TestBridge {
  deps: WorkDeps & { telemetry: TestTelemetry; clock: TestClock };
  secrets: Secrets;
  send(body: WebhookBody | string, headers?: Record<string, string>): Promise<EdgeResponse>;
  /** Sends it and lets the stream wake the worker. */
  deliver(body: WebhookBody, headers?: Record<string, string>): Promise<EdgeResponse>;
  wake(incidentId: string, logKey: string): Promise<void>;
  sweep(): Promise<void>;
}

/** The bridge's own use cases on a given database, wired as on AWS, with the stream's place taken by the test. */
export function createTestBridge(
  store: Store,
  options: {
    config?: Partial<BridgeConfig>;
    clock?: TestClock;
    secrets?: Record<string, string[]>;
    /** One that several bridges share saves each of them its connections. */
    http?: Http;
  } = {},
): TestBridge {
  const config: BridgeConfig = { ...testConfig, ...options.config };
  const clock = options.clock ?? createTestClock();
  const telemetry = createTestTelemetry();
  const values: Record<string, string[]> = { 'env:SIGNING': [signingSecret], ...options.secrets };
  const secrets: Secrets = {
    read: async (reference) => {
      const value = values[reference];
      if (!value) throw new Error(`no secret ${reference}`);
      return value;
    },
  };
  const http = options.http ?? createNodeHttp({ allowLoopback: true });
  const destinations = createDestinations(config, {
    http,
    secrets,
    clock,
    print: () => {},
    aws: {
      putEvents: () => Promise.reject(new Error('no AWS in this test')),
      sendMessage: () => Promise.reject(new Error('no AWS in this test')),
      publish: () => Promise.reject(new Error('no AWS in this test')),
    },
  });
  const deps = {
    store,
    clock,
    random: { token: () => randomUUID(), unit: () => Math.random() },
    telemetry,
    config,
    matcher: createMatcher(store, config),
    servicesOfRepository: createServicesOfRepository(store, config.ingest),
    destinations,
    destinationNames: destinations.map(({ name }) => name),
  };
  const appended: { incident_id: { S: string }; log_key: { S: string } }[] = [];
  const tapped: Store = {
    ...store,
    db: {
      send: async (command) => {
        const answer = await store.db.send(command);
        const item = command.input.Item;
        if (item?.log_key && item.due_at) appended.push(item);
        return answer;
      },
    },
  };
  const receive = createReceive({ store: tapped, secrets, clock, telemetry, config });
  const forward = createForward(deps);
  const gitHosts = createGitHosts(config.git_hosts ?? [], { http, secrets, clock });
  const detecting = createDetecting(config.destinations, { http, secrets, clock });
  const sweep = createSweep({ ...deps, gitHosts, detecting });
  const record = (incidentId: string, logKey: string) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: '1', Keys: { incident_id: { S: incidentId }, log_key: { S: logKey } } },
  });
  const bridge: TestBridge = {
    deps,
    secrets,
    send: (body, headers) => {
      const request = signedRequest(body, signingSecret, headers);
      return receive({
        method: request.method,
        headers: request.headers,
        rawBody: new TextEncoder().encode(request.body),
        arrivedAtMs: clock.now(),
      });
    },
    deliver: async (body, headers) => {
      appended.length = 0;
      const answer = await bridge.send(body, headers);
      for (const item of appended.splice(0)) await bridge.wake(item.incident_id.S, item.log_key.S);
      return answer;
    },
    wake: async (incidentId, logKey) => {
      const { batchItemFailures } = await forward({ Records: [record(incidentId, logKey)] }, 60_000);
      if (batchItemFailures.length > 0) throw new Error('forward reported a failure');
    },
    sweep: async () => {
      await sweep(60_000);
    },
  };
  return bridge;
}
