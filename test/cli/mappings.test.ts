import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { readMapping } from '../../lib/store/mappings/mappings.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase();
  await fillCatalog(on, checkout);
  const service = { id: 'PLOST01', summary: 'Lost', html_url: 'https://acme.pagerduty.com/services/PLOST01' };
  await on.bridge.deliver(
    webhookBody('incident.triggered', { at: '2026-03-02T10:00:00Z', data: { id: 'QKNOWN' } }),
  );
  await on.bridge.deliver(
    webhookBody('incident.triggered', {
      at: '2026-03-02T10:00:01Z',
      data: { id: 'QLOST', service, teams: [] },
    }),
  );
});
afterAll(() => on.stop());
const held = async () =>
  ((await on.run('incidents', 'ls', '--held', '--json')).json() as { incident_id: string }[]).map(
    (row) => row.incident_id,
  );

describe('pdbridge mappings', () => {
  it('lists what each service is matched with, and why', async () => {
    const { out } = await on.run('mappings', 'ls');
    expect(out).toMatch(
      /^PF9KMXH +Checkout API +service_url +checkout-api +payments +- +2\S+ \S+ +PagerDuty service/m,
    );
    expect(out).toMatch(/^PLOST01 +Lost +none +- +- +-/m);
    expect(out).toMatch(/2 services\n$/);
  });

  it('lists only what matches nothing when asked, and gives machines the rows', async () => {
    expect((await on.run('mappings', 'ls', '--unmatched', '--json')).json()).toMatchObject([
      { pagerduty_service_id: 'PLOST01', rule: 'none', trace: [{}, {}, {}, {}] },
    ]);
  });

  it('pins a service, so that what is held for it goes out with the next sweep', async () => {
    expect(await held()).toEqual(['QLOST']);
    const { code, out, err } = await on.run(
      'mappings',
      'pin',
      'PLOST01',
      '--service',
      'a',
      '--service',
      'b',
      '--team',
      'core',
    );
    expect({ code, err }).toEqual({ code: 0, err: `Target: ${on.endpoint}, tables test-*\n` });
    expect(out).toContain('Pinned PLOST01');
    expect(await held()).toEqual(['QLOST']);
    await on.bridge.sweep();
    expect(await held()).toEqual([]);
    expect((await on.run('mappings', 'ls')).out).toMatch(/^PLOST01 +Lost +pinned +a, b +core +a, b/m);
  });

  it('unpins it again', async () => {
    expect((await on.run('mappings', 'unpin', 'PLOST01')).out).toContain('Unpinned PLOST01');
    expect((await readMapping(on.store, 'PLOST01'))?.pin).toBeUndefined();
    expect((await on.run('mappings', 'unpin', 'PLOST01')).out).toBe('PLOST01 was not pinned.\n');
  });

  it('shows pins that people set in the console, as a string set or a single string', async () => {
    const put = (id: string, pin: object) =>
      on.store.db.send(
        new PutItemCommand({ TableName: 'test-mappings', Item: { pagerduty_service_id: { S: id }, ...pin } }),
      );
    await put('PSET001', { pinned_services: { SS: ['x', 'y'] } });
    await put('PONE001', { pinned_services: { S: 'x' } });
    const { out } = await on.run('mappings', 'ls');
    expect(out).toMatch(/^PSET001 .* x, y /m);
    expect(out).toMatch(/^PONE001 .* x /m);
  });

  it('says so when there is nothing to unpin, and when a pin says nothing', async () => {
    expect(await on.run('mappings', 'unpin', 'PNOWHERE')).toMatchObject({
      code: 1,
      err: expect.stringContaining('PNOWHERE'),
    });
    expect((await on.run('mappings', 'pin', 'PLOST01')).code).toBe(2);
  });
});
