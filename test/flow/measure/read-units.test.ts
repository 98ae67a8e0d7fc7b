import { meteredReads } from '../../../infra/bench/metered-reads.ts';
import { fill } from '../../../infra/bench/scale/database.ts';
import { makeTemplates, type Templates } from '../../../infra/bench/scale/rows.ts';
import { answer } from '../../../lib/flow/measure/answer.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { testConfig } from '../../support/bridge.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 1, 12);
const empty = (): Store => ({
  db: createMemoryDynamoDb(tableDefinitions, (name) => name),
  table: (name) => name,
});

let templates: Templates;
beforeAll(async () => {
  templates = await makeTemplates(empty());
});

/** Two incidents and six deployments a day, from so many days ago to so many. */
const put = (store: Store, fromDay: number, toDay: number) =>
  fill(store, {
    templates,
    incidents: 2 * (fromDay - toDay),
    deployments: 6 * (fromDay - toDay),
    fromMs: nowMs - fromDay * dayMs,
    toMs: nowMs - toDay * dayMs,
    first: 10_000 * fromDay,
    nowMs,
  });

async function ask(of: Store, days: number) {
  const { store, reads } = meteredReads(of);
  const question = {
    scope: { fromMs: nowMs - days * dayMs, toMs: nowMs },
    by: 'service',
    timeZone: 'UTC',
  } as const;
  const { document } = await answer({ store, nowMs, config: testConfig }, question);
  const { deployments, time_to_restore } = document;
  return { ...reads, deployments: deployments.count, restored: time_to_restore.count };
}

it('a report reads what its range costs, however much the tables hold besides', async () => {
  const store = empty();
  await put(store, 100, 0);
  const before = await ask(store, 60);
  expect(before).toMatchObject({ deployments: 360, restored: expect.any(Number) });
  expect(before.restored).toBeGreaterThan(110);
  await put(store, 600, 100);
  expect(await ask(store, 60)).toEqual(before);
  // Each query costs half a unit at least, also that for what is open.
  const half = await ask(store, 30);
  expect(before.units / half.units).toBeGreaterThan(1.6);
  expect(before.units / half.units).toBeLessThan(2.1);
});
