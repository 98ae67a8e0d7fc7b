import { readMapping } from '../../lib/store/mappings/mappings.ts';
import { type Account, createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let account: Account;
let served: ServedAccount;
const environment: Record<string, string> = { PAGERDUTY_TOKEN: 'read-key' };
const config = ['--config', 'infra/bridge.yml'];
const run = (...args: string[]) => on.run('services', ...args, ...config);
const payments = { id: 'PFCVPS0', name: 'Payments' };

beforeAll(async () => {
  account = createAccount({ now: Date.now });
  served = await serveAccount(account);
  environment['PAGERDUTY_API_URL'] = served.url;
  on = await startOnDatabase({}, { environment });
  await fillCatalog(
    on,
    checkout,
    { ...checkout, name: 'cart', team: 'payments', pagerduty: { host: 'acme.pagerduty.com', id: 'PF9KMXH' } },
    { ...checkout, name: 'billing-old', pagerduty: { host: 'acme.pagerduty.com', id: 'PDEAD01' } },
    { ...checkout, name: 'robots', team: 'logistics', pagerduty: undefined as never },
  );
});
afterAll(async () => {
  await served.stop();
  await on.stop();
});
beforeEach(() => {
  environment['PAGERDUTY_TOKEN'] = 'read-key';
  account.services = [
    { id: 'PF9KMXH', name: 'Checkout', teams: [payments] },
    { id: 'PTEAM01', name: 'Anything', teams: [payments] },
    { id: 'PWHS001', name: 'Warehouse Robots', teams: [{ id: 'PX', name: 'Warehouse' }] },
    { id: 'POFF001', name: 'Retired', teams: [], status: 'disabled' },
  ];
});

describe('pdbridge services', () => {
  it('says how many match and how, and what to do about the rest', async () => {
    const { out, code } = await run();
    expect(code).toBe(0);
    expect(out).toContain(
      '2 of 3 PagerDuty services match (66.6 %; 1 disabled left out): 1 by URL, 1 by team.',
    );
    expect(out).toMatch(
      /1 service that match.*\nSERVICE[^\n]*\nPWHS001 +Warehouse Robots +Warehouse +robots \(logistics\)/,
    );
    expect(out).toMatch(
      /does not exist:\n[^\n]*\nbilling-old +payments +acme.pagerduty.com\/services\/PDEAD01/,
    );
    expect(out).toMatch(/several catalog services:\n[^\n]*\nPF9KMXH +Checkout +cart, checkout-api +payments/);
  });

  it('says the same to machines, with the lines to add', async () => {
    expect((await run('--json')).json()).toMatchObject({
      services: 3,
      disabled: 1,
      matched: 2,
      share: 2 / 3,
      by_rule: { service_url: 1, team_name: 1 },
      unmatched: [
        {
          id: 'PWHS001',
          teams: ['Warehouse'],
          suggestions: [{ name: 'robots', fix: expect.stringContaining('PWHS001') }],
        },
      ],
      dangling: [{ name: 'billing-old' }],
      shared: [{ id: 'PF9KMXH', on: ['cart', 'checkout-api'] }],
    });
  });

  it.each([
    ['66', 0],
    ['66.6%', 0],
    ['66.7', 1],
    ['100', 1],
    ['101', 2],
    ['many', 2],
    ['', 2],
  ])('with --fail-under %s ends with %i', async (percent, expected) => {
    const { code, err } = await run('--fail-under', percent);
    expect(code).toBe(expected);
    if (expected === 1) expect(err).toContain(`66.6 % of 3 services match, fewer than ${percent} %.`);
  });

  it('never takes an account without services for a covered one', async () => {
    account.services = [];
    const { code, out } = await run('--fail-under', '0', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out.slice(0, out.indexOf('\n}\n') + 2))).toMatchObject({ share: null });
  });

  it('fills the mapping rows that no webhook has, once, and leaves the others alone', async () => {
    const at = '2026-03-02T08:00:00.000Z';
    await on.bridge.deliver(webhookBody('incident.triggered', { at }));
    const known = await readMapping(on.store, 'PF9KMXH');
    expect((await run('--write')).out).toContain('3 mapping rows filled.');
    expect((await run('--write')).out).toContain('0 mapping rows filled.');
    expect(await readMapping(on.store, 'PF9KMXH')).toEqual(known);
    const listed = (await on.run('mappings', 'ls', '--json')).json() as Record<string, unknown>[];
    const robots = listed.find((row) => row['pagerduty_service_id'] === 'PWHS001');
    expect(robots).toMatchObject({ rule: 'none', pagerduty_service_name: 'Warehouse Robots' });
    expect(robots).not.toHaveProperty('last_incident_id');
  });

  it('honours what a person pinned', async () => {
    await on.run('mappings', 'pin', 'PWHS001', '--service', 'robots', '--team', 'logistics');
    expect((await run()).out).toContain('3 of 3 PagerDuty services match (100 %; 1 disabled left out)');
    await on.run('mappings', 'unpin', 'PWHS001');
  });

  it.each([
    [undefined, 'PAGERDUTY_TOKEN', 'pagerduty_no_token'],
    ['another', 'pagerduty.region: eu', 'pagerduty_unauthenticated'],
  ])('with the token %s says what to do', async (token, words, code) => {
    if (token === undefined) delete environment['PAGERDUTY_TOKEN'];
    else environment['PAGERDUTY_TOKEN'] = token;
    const { code: exit, err, out } = await run('--json');
    expect(exit).toBe(1);
    expect(err).toContain(words);
    expect(JSON.parse(out)).toMatchObject({ error: code });
  });
});
