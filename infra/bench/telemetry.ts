import { gzipSync } from 'node:zlib';
import { versions } from '../../lib/domain/subject/versions.ts';
import { createIngest } from '../../lib/flow/ingest/create-ingest.ts';
import { otlp } from '../../lib/flow/ingest/sources/otlp.ts';
import type { WorkDeps } from '../../lib/flow/subjects/deps.ts';
import { workDueSubject } from '../../lib/flow/subjects/work-subject.ts';
import { dueShards } from '../../lib/store/database/due.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { dueEvents } from '../../lib/store/events/events.ts';
import { createTestBridge, createTestClock } from '../../test/support/bridge.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { protobufExport } from '../../test/support/otlp.ts';
import type { Bench } from './bench.ts';
import { meteredStore } from './metered-store.ts';

const knownExports = 100_000;
const largeExports = 50;
const minute = 60_000;

const resource = (service: string, version: string) => ({
  'telemetry.sdk.language': 'nodejs',
  'host.name': `host-of-${service}`,
  'service.name': service,
  'service.version': version,
  'deployment.environment.name': 'prod',
});

export const telemetry: Bench = {
  id: 'telemetry',
  title: 'Versions seen in telemetry',
  async run(report) {
    const database = await startTestDatabase();
    try {
      const clock = createTestClock();
      const { store, units, reset } = meteredStore(database.store);
      const requests: Requests = { count: 0, appended: [] };
      const bridge = createTestBridge(store, { clock });
      const ingest = createIngest([otlp], {
        store: counted(store, requests),
        // A timer for each request of a loop that never waits would be all that is measured.
        clock: { now: clock.now, sleep: () => new Promise(() => {}) },
        telemetry: bridge.deps.telemetry,
        secrets: { read: async () => ['key'] },
        config: {
          retention_days: 400,
          metrics_retention_days: 800,
          link: { window_hours: 24 },
          ingest: { api_keys: 'env:K', settle_minutes: 15 },
        },
      });
      const send = async (rawBody: Uint8Array, encoding?: string) => {
        const headers = {
          'x-api-key': 'key',
          'content-type': 'application/x-protobuf',
          ...(encoding ? { 'content-encoding': encoding } : {}),
        };
        const request = { method: 'POST', path: '/v1/metrics', query: '', headers, rawBody };
        const { status } = await ingest.handle({ ...request, arrivedAtMs: clock.now() });
        if (status !== 200) throw new Error(`the benchmark's export was answered ${status}`);
      };
      const known = protobufExport([resource('checkout', '1')], 200);
      await send(known);
      await bridge.sweep();
      clock.advance(minute);
      await bridge.sweep();

      requests.count = 0;
      const micros = await cpuMicros(knownExports, () => send(known));
      report({ name: 'exports of a known version', value: knownExports, unit: 'count' });
      report({
        name: 'requests to the database for all of them',
        value: requests.count,
        unit: 'count',
        aim: 1,
      });
      report({ name: 'processor time of one', value: micros / 1000, unit: 'ms' });

      const many = Array.from({ length: 20 }, (_, index) => resource(`service-${index}`, '1'));
      const large = gzipSync(protobufExport(many, 50_000));
      await send(large, 'gzip');
      const ofLarge = await cpuMicros(largeExports, () => send(large, 'gzip'));
      report({ name: 'processor time of 20 resources in 1 MB, gzip', value: ofLarge / 1000, unit: 'ms' });

      clock.advance(minute);
      await workOnVersions(bridge.deps);
      requests.appended = [];
      reset();
      for (let minutes = 0; minutes < 40; minutes++) {
        await send(protobufExport([resource('checkout', '2')]));
        // As the stream wakes the worker; `sweep` comes for what was put off.
        for (const { subject, logKey } of requests.appended.splice(0)) await bridge.wake(subject, logKey);
        clock.advance(minute);
        await workOnVersions(bridge.deps);
      }
      const total = units.base + units.index;
      report({ name: 'a new version, until it is a deployment', value: total, unit: 'write units', aim: 16 });
    } finally {
      await database.stop();
    }
  },
};

/** As `sweep` would: with what makes of a deployment more, the worker of deployments has to do. */
async function workOnVersions(deps: WorkDeps): Promise<void> {
  for (let shard = 0; shard < dueShards; shard++) {
    for (const { incidentId, logKey } of await dueEvents(deps.store, String(shard), deps.clock.now(), 100)) {
      if (!versions.owns(incidentId)) continue;
      await workDueSubject(deps, { subject: incidentId, logKeys: [logKey] }, deps.clock.now() + minute);
    }
  }
}

interface Requests {
  count: number;
  /** Events that were written down. */
  appended: { subject: string; logKey: string }[];
}

const counted = (store: Store, requests: Requests): Store => ({
  ...store,
  db: {
    send: (command) => {
      requests.count += 1;
      const { Item } = command.input as { Item?: Record<string, { S?: string }> };
      const [subject, logKey] = [Item?.['incident_id']?.S, Item?.['log_key']?.S];
      if (subject && logKey) requests.appended.push({ subject, logKey });
      return store.db.send(command);
    },
  },
});

async function cpuMicros(rounds: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}
