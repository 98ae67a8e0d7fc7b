import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { eachMapping } from '../../../lib/store/mappings/list.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { scan } from '../../support/scan.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { accountWith, memoryStore } from '../import/fixture.ts';

const start = Date.parse('2026-06-20T00:00:00Z');
const minute = 60_000;
const shop = { id: 'PSHOP', name: 'Shop', teams: [{ id: 'PTEAM', name: 'payments' }] };

async function told(type: string, data: Record<string, unknown>, { known = true, asks = true } = {}) {
  const clock = createTestClock(start);
  const store: Store = memoryStore(clock);
  const pagerduty = { region: 'us', token: 'env:T', reconcile: 'off', reenable: false } as const;
  const bridge = createTestBridge(store, { clock, ...(asks && { config: { pagerduty } }) });
  const waiting = { now: clock.now, sleep: async (ms: number) => clock.advance(ms) };
  const { account, api } = accountWith(waiting, { services: known ? [shop] : [] });
  const sweep = createSweep({ ...bridge.deps, ...(asks && { pagerDuty: api }) });
  await bridge.deliver(webhookBody(type, { at: '2026-06-20T00:00:00Z', data }));
  const pass = async (minutes: number) => {
    for (let count = 0; count < minutes; count += 1) {
      clock.advance(minute);
      await sweep(60_000);
    }
  };
  const rows = async () => {
    const all = [];
    for await (const row of eachMapping(store)) all.push(row);
    return all;
  };
  const due = async () => (await scan(store, 'events')).filter(({ due_at }) => due_at !== undefined);
  return { account, pass, rows, due };
}

const reference = { id: 'PSHOP', type: 'service_reference' };
const onlyAnId = {
  type: 'service',
  id: 'PSHOP',
  name: null,
  summary: null,
  html_url: null,
  teams: undefined,
};
const stories: [string, string, Record<string, unknown>][] = [
  [
    'referred to by its fields',
    'service.custom_field_values.updated',
    { type: 'service_field_values', service: reference },
  ],
  ['that tells of itself no more than its id', 'service.updated', onlyAnId],
];

describe.each(stories)('a service %s', (_what, type, data) => {
  it('is asked for once: its row gets name, address and teams', async () => {
    const { account, pass, rows, due } = await told(type, data);
    await pass(3);
    expect(account.asked).toEqual(['GET /services/PSHOP']);
    expect(await rows()).toMatchObject([
      {
        pagerduty_service_id: 'PSHOP',
        pagerduty_service_name: 'Shop',
        pagerduty_service_url: 'https://acme.pagerduty.com/service-directory/PSHOP',
        pagerduty_teams: ['payments'],
        rule: 'none',
      },
    ]);
    await pass(70);
    expect(account.asked).toHaveLength(1);
    expect(await due()).toEqual([]);
  });

  it('that PagerDuty does not know is asked for every hour of a day, and then left alone', async () => {
    const { account, pass, due } = await told(type, data, { known: false });
    await pass(63);
    expect(account.asked).toHaveLength(2);
    await pass(30 * 60);
    expect(account.asked.length).toBeGreaterThanOrEqual(20);
    expect(account.asked.length).toBeLessThanOrEqual(25);
    expect(await due()).toEqual([]);
  });

  it('is left alone where PagerDuty cannot be asked', async () => {
    const { account, due } = await told(type, data, { asks: false });
    expect(account.asked).toEqual([]);
    expect(await due()).toEqual([]);
  });
});
