import type { RoutedRequest } from '../../../lib/adapters/incoming-http/request.ts';
import { createIngest } from '../../../lib/flow/ingest/create-ingest.ts';
import type { IngestDeps } from '../../../lib/flow/ingest/deps.ts';
import type { IngestSource } from '../../../lib/flow/ingest/route.ts';
import { sources } from '../../../lib/flow/ingest/sources.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { scan } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { createTestClock, createTestTelemetry } from '../../support/bridge.ts';

export const apiKey = 'api-key-of-the-tests';
export const applicationKey = 'application-key-of-the-tests';
export const both = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };

/** `ingest` on a database in memory, with keys; what is asked of it is a method, a path and a body. */
export function startIngest(
  options: {
    sources?: readonly IngestSource[];
    ingest?: Partial<IngestDeps['config']['ingest']>;
    secrets?: Record<string, string[]>;
    startMs?: number;
    /** Called before each request to the database: may fail it. */
    before?: (command: { input: { TableName?: string } }) => void;
  } = {},
) {
  const memory = createMemoryDynamoDb(tableDefinitions, (name) => name);
  const store: Store = { db: memory, table: (name) => name };
  const watched: Store = {
    ...store,
    db: {
      send: async (command) => {
        options.before?.(command as never);
        return memory.send(command);
      },
    },
  };
  const secrets: Record<string, string[]> = {
    'env:KEYS': [apiKey],
    'env:APPLICATION': [applicationKey],
    ...options.secrets,
  };
  const telemetry = createTestTelemetry();
  const clock = createTestClock(options.startMs);
  const reads: { reference: string; fresh: boolean }[] = [];
  const deps: IngestDeps = {
    store: watched,
    clock,
    telemetry,
    secrets: {
      read: async (reference, { fresh = false } = {}) => {
        reads.push({ reference, fresh });
        const values = secrets[reference];
        if (!values) throw new Error(`no secret ${reference}`);
        return values;
      },
    },
    config: {
      retention_days: 400,
      metrics_retention_days: 800,
      link: { window_hours: 24 },
      ingest: {
        api_keys: 'env:KEYS',
        application_keys: 'env:APPLICATION',
        settle_minutes: 15,
        ...options.ingest,
      },
    },
  };
  const ingest = createIngest(options.sources ?? sources, deps);
  const ask = async (
    method: string,
    pathAndQuery: string,
    body: unknown = '',
    headers: Record<string, string> = { 'dd-api-key': apiKey },
  ) => {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request: RoutedRequest = {
      method,
      path,
      query,
      headers,
      rawBody: body instanceof Uint8Array ? body : new TextEncoder().encode(text),
      arrivedAtMs: clock.now(),
    };
    const answer = await ingest.handle(request);
    return { ...answer, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
  };
  const logged = () => scan(store, 'events');
  return { ask, logged, telemetry, clock, secrets, reads, store, ingest, deps };
}
