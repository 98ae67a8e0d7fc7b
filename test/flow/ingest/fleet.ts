import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { reported } from '../../../lib/domain/deployment/log-events.ts';
import { createIngest, type Ingest } from '../../../lib/flow/ingest/create-ingest.ts';
import { otlp } from '../../../lib/flow/ingest/sources/otlp.ts';
import { loggedEvent } from '../../../lib/flow/receive/incoming-event.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { scan } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { appendEvent } from '../../../lib/store/events/append-event.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { jsonExport, type Resource } from '../../support/otlp.ts';

export const fleetKey = 'key-of-the-exporters';
const ingestConfig = { api_keys: 'env:EXPORTERS', settle_minutes: 15 };
const startMs = Date.parse('2026-05-04T08:00:00.000Z');
const minuteMs = 60_000;
/** In minutes; every minute shows the same and takes longer. */
const sweptEvery = 5;

/** A version that runs from one minute to another, and exports its telemetry every so many minutes. */
export interface Running {
  version: string;
  from: number;
  to: number;
  every?: number;
  resource?: Resource;
}

/** What the database does with a command. */
type Interference = 'fails' | 'answer lost' | undefined;

export interface Seen {
  version: string | undefined;
  service: string | undefined;
  env: string | undefined;
  /** Minutes since the beginning. */
  at: number;
}

/**
 * Services whose telemetry goes to one or several functions that know nothing of each other, and the worker that the
 * log wakes. `via` says which function gets an export, as collectors send it: with all that report in that minute by
 * this way; `onCommand` sees, and may fail, what is asked of the database.
 */
export function startFleet(
  options: {
    functions?: number;
    via?: (version: string, minute: number) => number;
    onCommand?: (name: string, table: string, who: 'ingest' | 'worker') => Interference;
    /** Minutes until the worker looks at what was written. */
    lag?: number;
  } = {},
) {
  const { functions = 1, via = () => 0, onCommand = () => undefined, lag = 0 } = options;
  const memory = createMemoryDynamoDb(tableDefinitions, (name) => name);
  const clock = createTestClock(startMs);
  let offset = 0;
  const still = {
    now: () => startMs + offset,
    sleep: clock.sleep,
    advance: (ms: number) => {
      offset += ms;
    },
  };
  const woken: { due: number; subject: string; logKey: string }[] = [];
  const storeOf = (who: 'ingest' | 'worker'): Store => ({
    table: (name) => name,
    db: {
      send: async (command) => {
        const interference = onCommand(command.constructor.name, command.input.TableName, who);
        if (interference === 'fails') throw new Error('the database is down');
        const answer = await memory.send(command);
        const item = command.input.Item;
        if (item?.log_key && item.due_at) {
          woken.push({
            due: still.now() + lag * minuteMs,
            subject: item.incident_id.S,
            logKey: item.log_key.S,
          });
        }
        if (interference === 'answer lost') throw new Error('the connection is gone');
        return answer;
      },
    },
  });
  const bridge = createTestBridge(storeOf('worker'), {
    clock: still,
    config: { ingest: ingestConfig },
    secrets: { 'env:EXPORTERS': [fleetKey] },
  });
  const { secrets } = bridge;
  const start = (): Ingest =>
    createIngest([otlp], {
      store: storeOf('ingest'),
      clock: still,
      telemetry: bridge.deps.telemetry,
      secrets,
      config: {
        retention_days: 400,
        metrics_retention_days: 800,
        link: { window_hours: 24 },
        ingest: ingestConfig,
      },
    });
  const ingests = Array.from({ length: functions }, start);

  const send = (body: Uint8Array, index = 0) =>
    (ingests[index % functions] as Ingest).handle({
      method: 'POST',
      path: '/v1/metrics',
      query: '',
      headers: { 'content-type': 'application/json', 'x-api-key': fleetKey },
      rawBody: body,
      arrivedAtMs: still.now(),
    });
  const exportOf = (...running: Running[]) =>
    jsonExport(
      running.map(({ version, resource }) => ({
        'service.name': 'checkout',
        'deployment.environment.name': 'prod',
        ...resource,
        'service.version': version,
      })),
    );

  async function work() {
    const ready = woken.filter(({ due }) => due <= still.now());
    for (const wake of ready) {
      woken.splice(woken.indexOf(wake), 1);
      if (wake.subject.startsWith('versions:')) await bridge.wake(wake.subject, wake.logKey);
    }
    if ((still.now() - startMs) % (sweptEvery * minuteMs) === 0) await bridge.sweep();
  }

  /** Lets time go by, from the minute it is to another. */
  async function play(running: readonly Running[], until: number) {
    for (; offset / minuteMs < until; offset += minuteMs) {
      const minute = offset / minuteMs;
      const exports = new Map<number, Running[]>();
      for (const one of running) {
        const { from, to, every = 1, version } = one;
        if (minute < from || minute >= to || (minute - from) % every >= 1) continue;
        const index = via(version, minute);
        exports.set(index, [...(exports.get(index) ?? []), one]);
      }
      for (const [index, together] of exports) {
        const { status } = await send(exportOf(...together), index);
        if (status !== 200 && status !== 503) throw new Error(`an export was answered ${status}`);
      }
      await work();
    }
  }

  async function deployments(): Promise<Seen[]> {
    const rows = await scan(bridge.deps.store, 'events');
    const bodies = rows
      .filter((row) => row['event_type'] === 'deployment.reported')
      .map((row) => JSON.parse(String(row['body'])));
    return bodies
      .map(({ version, service, env, started_at }) => ({
        version,
        service,
        env,
        at: (Date.parse(started_at) - startMs) / minuteMs,
      }))
      .sort((a, b) => a.at - b.at || (a.version < b.version ? -1 : 1));
  }
  /** Another source tells of a deployment. */
  async function report(given: DeploymentReport) {
    const event = loggedEvent(reported(given), new Date(still.now()).toISOString(), {});
    await appendEvent(bridge.deps.store, event, still.now());
  }
  const rows = (table: 'events' | 'state' | 'deployments') => scan(bridge.deps.store, table);
  /** A function is replaced by one that knows nothing yet. */
  const restart = (index: number) => {
    ingests[index] = start();
  };
  return {
    play,
    send,
    exportOf,
    deployments,
    rows,
    restart,
    report,
    work,
    clock: still,
    telemetry: bridge.deps.telemetry,
    deps: { ...bridge.deps, store: storeOf('ingest') },
  };
}
