import { liveCatalogs } from '../../lib/local/live-catalogs.ts';
import { listCatalog } from '../../lib/store/catalog/list.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { startServer } from '../adapters/outgoing-http/local-server.ts';
import { createMemoryDynamoDb } from '../simulation/dynamodb/memory-dynamodb.ts';
import { createTestClock, createTestTelemetry } from '../support/bridge.ts';
import { eventually } from './bridge-process.ts';

const store = {
  db: createMemoryDynamoDb(tableDefinitions, (name) => name),
  table: (name: string) => name,
};
const deps = {
  store,
  clock: createTestClock(),
  random: { token: () => 'push', unit: () => 0.5 },
  secrets: { read: async () => ['token'] },
  telemetry: createTestTelemetry(),
};

describe('the live catalogs of npm start', () => {
  it('are read at the start, and again and again', async () => {
    const names = ['cart'];
    const server = await startServer((answer) =>
      answer.end(
        JSON.stringify({
          items: names.map((name) => ({ kind: 'Component', metadata: { name }, spec: { owner: 'web' } })),
          pageInfo: {},
        }),
      ),
    );
    const source = {
      name: 'portal',
      type: 'backstage' as const,
      url: server.url,
      token: 'env:T',
      allow_private: false,
    };
    const live = liveCatalogs({ ...deps, config: { catalog_sources: [source] } }, 0.05);
    try {
      live.start();
      const entries = async () => (await listCatalog(store)).sources.flatMap((each) => each.entries);
      await eventually(entries, ({ length }) => length === 1);
      names.push('basket');
      await eventually(entries, ({ length }) => length === 2);
    } finally {
      await live.stop();
      await server.stop();
    }
    const asked = server.received.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(server.received).toHaveLength(asked);
  });

  it('are nobody without catalog_sources', async () => {
    const live = liveCatalogs({ ...deps, config: {} }, 0.01);
    live.start();
    expect(await live.stop()).toBeUndefined();
  });
});
