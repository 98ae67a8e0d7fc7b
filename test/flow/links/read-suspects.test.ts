import { readSuspects } from '../../../lib/flow/links/read-suspects.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';

const dayMs = 86_400_000;
const startedAtMs = Date.UTC(2026, 2, 2, 8);

/** How often the database is asked about an incident of a team alone that has been open for so many days. */
async function questions(daysOpen: number): Promise<number> {
  const now = () => startedAtMs + daysOpen * dayMs;
  const table = (name: string) => name;
  const database = createMemoryDynamoDb(tableDefinitions, table, { now });
  let asked = 0;
  const send: Store['db']['send'] = (command) => {
    asked += 1;
    return database.send(command);
  };
  const deps = {
    store: { table, db: { send } },
    clock: { now, sleep: async () => {} },
    config: { link: { window_hours: 24 } },
  } as Parameters<typeof readSuspects>[0];
  expect(await readSuspects(deps, { services: [], team: 'payments', startedAtMs })).toEqual([]);
  return asked;
}

it('what a team had deployed is looked for around the start, however long the incident has been open', async () => {
  expect(await questions(400)).toBe(await questions(30));
  expect(await questions(400)).toBeLessThan(20);
});
