import { randomUUID } from 'node:crypto';
import { SourceFault } from '../../../lib/adapters/catalog-sources/source.ts';
import { createCatalogSync } from '../../../lib/flow/catalog-sync/sync-sources.ts';
import { listCatalog } from '../../../lib/store/catalog/list.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { createTestClock, createTestTelemetry } from '../../support/bridge.ts';

const definitions = (...names: string[]) =>
  names.map((name) => `schema-version: v2.2\ndd-service: ${name}\nteam: web\n`).join('---\n');

let store: Store;
beforeEach(() => {
  const db = createMemoryDynamoDb(tableDefinitions, (name) => name);
  store = { db, table: (name) => name };
});

async function run(answers: Record<string, () => Promise<string[]>>, on: Store = store) {
  const telemetry = createTestTelemetry();
  const sources = Object.entries(answers).map(([name, read]) => ({ name, read }));
  const random = { token: randomUUID, unit: () => 0.5 };
  const report = await createCatalogSync({
    store: on,
    clock: createTestClock(),
    random,
    telemetry,
    sources,
  })();
  const counts = ['CatalogSyncFailed', 'CatalogSyncRefused', 'CatalogSyncHeartbeat'].map((name) =>
    telemetry.count(name),
  );
  return { report, counts, telemetry };
}
const fieldsOf = ({ fields }: { fields: unknown }) => fields as Record<string, unknown>;
const inCatalog = async () =>
  (await listCatalog(store)).sources.flatMap(({ source, entries }) =>
    entries.map(({ name }) => `${source}/${name}`),
  );

describe('the live catalogs on schedule', () => {
  it('are all read, and the heartbeat says so', async () => {
    const { report, counts } = await run({
      one: async () => [definitions('cart')],
      two: async () => [definitions('search')],
    });
    expect(report).toEqual({ synced: ['one', 'two'], failed: [] });
    expect(counts).toEqual([0, 0, 1]);
    expect(await inCatalog()).toEqual(['one/cart', 'two/search']);
  });

  it.each<[string, () => Promise<string[]>, number[]]>([
    ['cannot be read', () => Promise.reject(new SourceFault('it answers 503')), [1, 0, 0]],
    ['is a fault of ours', () => Promise.reject(new TypeError('undefined is not a function')), [1, 0, 0]],
    ['is empty', async () => [''], [0, 1, 0]],
    ['has lost more than a third', async () => [definitions('cart')], [0, 1, 0]],
  ])('one that %s leaves the others alone and what it said before in force', async (_, answer, expected) => {
    await run({ one: async () => [definitions('cart', 'basket')] });
    const { report, counts, telemetry } = await run({
      one: answer,
      two: async () => [definitions('search')],
    });
    expect(report).toEqual({ synced: ['two'], failed: ['one'] });
    expect(counts).toEqual(expected);
    expect(telemetry.lines.filter((line) => fieldsOf(line)['source'] === 'one')).toHaveLength(1);
    expect(await inCatalog()).toEqual(['one/basket', 'one/cart', 'two/search']);
  });

  it('that do not reach the database say so for each, and end', async () => {
    const broken = { ...store, db: { send: () => Promise.reject(new Error('throttled')) } };
    const { report, counts } = await run({ one: async () => [definitions('cart')] }, broken);
    expect(report).toEqual({ synced: [], failed: ['one'] });
    expect(counts).toEqual([1, 0, 0]);
  });

  it('with faults in definitions are read all the same, and the log lists the first of them', async () => {
    const faulty = Array.from({ length: 30 }, () => 'schema-version: v2.2\ndd-service: 7\n').join('---\n');
    const { report, counts, telemetry } = await run({
      one: async () => [`${definitions('cart')}---\n${faulty}`],
    });
    expect(report.synced).toEqual(['one']);
    expect(counts).toEqual([0, 0, 1]);
    const told = telemetry.lines.map(fieldsOf).find(({ count }) => count !== undefined);
    expect(told).toMatchObject({ source: 'one', count: 30 });
    expect(told?.['faults']).toHaveLength(20);
  });
});
