import { createPagerDutyApi, type PagerDutyApi } from '../../../lib/adapters/pagerduty-api/api.ts';
import { tokenCredentials } from '../../../lib/adapters/pagerduty-api/credentials.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { type TableName, tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { type Account, createAccount } from '../../support/pagerduty/account.ts';
import { httpTo } from '../../support/pagerduty/reach.ts';

/** Time that only passes while somebody sleeps. */
export function virtualClock(startMs = Date.parse('2026-07-01T00:00:00Z')) {
  let now = startMs;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

export function memoryStore(clock: { now(): number }): Store {
  const table = (name: TableName) => name;
  const database = createMemoryDynamoDb(tableDefinitions, table, clock);
  return { table, db: { send: async (command) => database.send(command) } };
}

export function accountWith(clock: ReturnType<typeof virtualClock>, given: Partial<Account>) {
  const account = createAccount(clock, given);
  const api: PagerDutyApi = createPagerDutyApi({
    http: httpTo(account),
    clock,
    random: { unit: () => 0.5 },
    credentials: tokenCredentials(async () => 'read-key'),
    baseUrl: 'https://api.pagerduty.com',
  });
  return { account, api };
}
