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

  it('refuses a name the catalog does not have, with what is like it', async () => {
    const { code, err } = await on.run('mappings', 'pin', 'PLOST01', '--service', 'chekout-api');
    expect(code).toBe(1);
    expect(err).toContain('The catalog has no service "chekout-api". Did you mean "checkout-api"?');
    expect((await readMapping(on.store, 'PLOST01'))?.pin).toBeUndefined();
  });

  it('refuses a service that was never seen, with what is like it', async () => {
    const { code, err } = await on.run('mappings', 'pin', 'PLOST02', '--service', 'checkout-api');
    expect(code).toBe(1);
    expect(err).toContain('No PagerDuty service PLOST02 has been seen yet. Did you mean PLOST01 ("Lost")?');
    expect(await readMapping(on.store, 'PLOST02')).toBeUndefined();
  });

  it('pins a service as the catalog spells it, with its team, so that what is held goes out with the next sweep', async () => {
    expect(await held()).toEqual(['QLOST']);
    const { code, out, err } = await on.run(
      ...['mappings', 'pin', 'PLOST01', '--service', 'Checkout-API', '--note', 'no URL yet'],
    );
    expect({ code, err }).toEqual({ code: 0, err: `Target: ${on.endpoint}, tables test-*\n` });
    expect(out).toContain(
      'Pinned PLOST01 to service "checkout-api" and team "payments" (the catalog knows it).',
    );
    expect(await held()).toEqual(['QLOST']);
    await on.bridge.sweep();
    expect(await held()).toEqual([]);
    expect((await on.run('mappings', 'ls')).out).toMatch(
      /^PLOST01 +Lost +pinned +checkout-api +payments +checkout-api +\S+, 2\S+ \S+, no URL yet/m,
    );
  });

  it('pins by the name a service goes out with, where namespaces tell two of one name apart', async () => {
    const clover = {
      ...checkout,
      name: 'clover-api',
      pagerduty: { id: 'PCLOVER' },
      format: 'backstage',
    } as const;
    await fillCatalog(on, checkout, { ...clover, namespace: 'payments' }, { ...clover, namespace: 'search' });
    const short = await on.run('mappings', 'pin', 'PF9KMXH', '--service', 'clover-api');
    expect([short.code, short.err]).toEqual([1, expect.stringMatching(/(payments|search)\/clover-api/)]);
    const whole = await on.run('mappings', 'pin', 'PF9KMXH', '--service', 'search/clover-api');
    expect([whole.code, whole.err]).toEqual([0, expect.any(String)]);
    await on.run('mappings', 'unpin', 'PF9KMXH');
    await fillCatalog(on, checkout);
  });

  it('pins what nobody knows when that is meant, with a warning', async () => {
    const { code, err, json } = await on.run(
      ...[
        'mappings',
        'pin',
        'PNEW001',
        '--service',
        'a',
        '--service',
        'b',
        '--team',
        'core',
        '--anyway',
        '--json',
      ],
    );
    expect(code).toBe(0);
    expect(err).not.toContain('Warning');
    expect(json()).toMatchObject({
      pinned_services: ['a', 'b'],
      pinned_team: 'core',
      warnings: [
        expect.stringContaining('No PagerDuty service PNEW001'),
        expect.stringContaining('no service "a"'),
        expect.stringContaining('no service "b"'),
        expect.stringContaining('no team "core"'),
      ],
    });
    expect((await readMapping(on.store, 'PNEW001'))?.pin).toEqual({ services: ['a', 'b'], team: 'core' });
  });

  it('takes the address of a service for its id, and a title or another spelling for a name', async () => {
    const address = 'https://acme.pagerduty.com/service-directory/plost01?tab=activity';
    const { code, out } = await on.run('mappings', 'pin', address, '--service', 'Checkout API');
    expect([code, out]).toEqual([0, expect.stringContaining('Pinned PLOST01 to service "checkout-api"')]);
    expect((await on.run('mappings', 'unpin', address)).out).toContain('Unpinned PLOST01;');
    const again = await on.run('mappings', 'forget', address.replace('plost01', 'PNEVER1'));
    expect(again.err).toContain('There is no mapping of a service PNEVER1.');
    await on.run('mappings', 'pin', 'PLOST01', '--service', 'checkout-api');
  });

  it('unpins it again, and who pinned it is gone too', async () => {
    expect((await on.run('mappings', 'unpin', 'PLOST01')).out).toContain('Unpinned PLOST01');
    expect((await readMapping(on.store, 'PLOST01'))?.pin).toBeUndefined();
    expect((await on.run('mappings', 'unpin', 'PLOST01')).out).toBe('PLOST01 was not pinned.\n');
    const rows = (await on.run('mappings', 'ls', '--json')).json() as Record<string, unknown>[];
    const row = rows.find((each) => each['pagerduty_service_id'] === 'PLOST01') ?? {};
    expect(Object.keys(row).filter((name) => name.startsWith('pinned'))).toEqual([]);
  });

  it('forgets a row that was made by mistake, but none that held incidents are found by', async () => {
    expect(await on.run('mappings', 'forget', 'PNEW001')).toMatchObject({ code: 0 });
    expect(await readMapping(on.store, 'PNEW001')).toBeUndefined();
    const refused = await on.run('mappings', 'forget', 'PLOST01');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Incidents are held at PLOST01') });
    expect(await readMapping(on.store, 'PLOST01')).toBeDefined();
    expect(await on.run('mappings', 'forget', 'PNEW001')).toMatchObject({ code: 1 });
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
    expect((await on.run('mappings', 'pin', 'PLOST01', '--service', ' ')).code).toBe(2);
  });
});
