import { pushCatalog } from '../../lib/store/catalog/push.ts';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase();
  await fillCatalog(on, checkout, {
    ...checkout,
    name: 'login',
    team: 'identity',
    pagerduty: { id: 'PLOGIN1' },
  });
});
afterAll(() => on.stop());
const url = 'https://acme.pagerduty.com/services/PF9KMXH';

describe('pdbridge explain', () => {
  it.each([
    ['a URL', ['--service-url', url], 'service_url'],
    [
      'a URL as the catalog writes it',
      ['--service-url', 'acme.pagerduty.com/service-directory/PF9KMXH/'],
      'service_url',
    ],
    ['a name', ['--service-name', 'Checkout-API'], 'service_name'],
    ['a name and a team', ['--service-name', 'x', '--team', 'none', '--team', 'Payments'], 'team_name'],
    ['a name that is a team’s', ['--service-name', 'payments'], 'service_name_as_team'],
    ['an id that no host belongs to', ['--service-id', 'PLOGIN1'], 'service_url'],
  ])('matches %s', async (_, args, rule) => {
    const { code, json } = await on.run('explain', ...args, '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({ match: { rule, explanation: expect.stringMatching(/./) } });
  });

  it('shows every rule’s verdict to people', async () => {
    const { out } = await on.run('explain', '--service-url', url);
    expect(out).toMatch(/^services {2}checkout-api\nteam {6}payments\nPagerDuty service /);
    for (const rule of ['service_url', 'service_name', 'team_name', 'service_name_as_team']) {
      expect(out).toMatch(new RegExp(`^${rule} +(yes|no) +\\S`, 'm'));
    }
  });

  it('suggests the nearest entries when nothing matches, with the lines to add', async () => {
    const { out, code } = await on.run(
      'explain',
      '--service-url',
      url.replace('PF9KMXH', 'POTHER1'),
      '--service-name',
      'Checkout API 2',
    );
    expect(code).toBe(0);
    expect(out).toContain('Did you mean the service "checkout-api"?');
    expect(out).toMatch(
      /by hand:\n {2}npx pdbridge mappings pin \S+ --service checkout-api --team payments\n/,
    );
    expect(out).toContain('POTHER1');
  });

  it('ends in a command too where only the name is known, or nothing is like it', async () => {
    const like = await on.run('explain', '--service-name', 'chekout-api');
    expect(like.out).toMatch(
      /Decide by hand, with the id from its address in PagerDuty:\n {2}npx pdbridge mappings pin ID --service checkout-api --team payments\n$/,
    );
    const unlike = await on.run('explain', '--service-name', 'zzzz');
    expect(unlike.out).toMatch(
      /Nothing in the catalog is like it\. .*\n {2}npx pdbridge mappings pin ID --service NAME --team NAME --anyway\n$/,
    );
  });

  it('takes the id of a service that was seen under the name', async () => {
    await on.bridge.deliver(
      webhookBody('incident.triggered', {
        at: '2026-03-02T10:00:00.000Z',
        data: {
          id: 'QSEEN',
          status: 'triggered',
          service: { id: 'PSEEN01', type: 'service_reference', summary: 'Chekout-Api' },
        },
      }),
    );
    const { out } = await on.run('explain', '--service-name', 'chekout-api');
    expect(out).toContain('npx pdbridge mappings pin PSEEN01 --service checkout-api --team payments\n');
  });

  it('says what to add to bridge.yml where only the account differs', async () => {
    const { out } = await on.run('explain', '--service-url', url.replace('acme', 'acme-new'));
    expect(out).toContain(
      'If the account was renamed, add to bridge.yml:\n  account_aliases: { acme-new: acme }\n',
    );
    expect(out).not.toContain('Add to its definition');
  });

  it('says where sources contradict each other on the service', async () => {
    const deps = { store: on.store, clock: on.bridge.deps.clock, random: on.bridge.deps.random };
    const other = { ...checkout, team: 'storefront' };
    await pushCatalog(deps, { source: 'zeta', entries: [other] });
    const said =
      'service "checkout-api" has team "storefront" in source "zeta" and "payments" in source "default"; "zeta" holds, for it comes later by name';
    const { out } = await on.run('explain', '--service-url', url);
    expect(out).toContain(`warning: ${said}\n`);
    const { json } = await on.run('explain', '--service-url', url, '--json');
    expect(json()).toMatchObject({ contradictions: [said], match: { team: 'storefront' } });
    await pushCatalog(deps, { source: 'zeta', entries: [], allowEmpty: true });
    expect((await on.run('explain', '--service-url', url)).out).not.toContain('warning:');
  });

  it('says that the catalog is empty', async () => {
    const other = await startOnDatabase();
    try {
      const { out } = await other.run('explain', '--service-name', 'checkout-api');
      expect(out).toMatch(/\nThe catalog is empty: `npx pdbridge catalog push <files>` fills it\.\n$/);
    } finally {
      await other.stop();
    }
  });

  it('knows by its id a service that the bridge has seen, pin included', async () => {
    await on.bridge.deliver(
      webhookBody('incident.triggered', { at: '2026-03-02T10:00:00Z', data: { id: 'QEXPLAIN' } }),
    );
    expect((await on.run('explain', '--service-id', 'PF9KMXH', '--json')).json()).toMatchObject({
      input: { service: { id: 'PF9KMXH', name: 'Checkout API', url }, teams: [{ name: 'Payments' }] },
      match: { rule: 'service_url' },
    });
    await pinService(on.store, 'PF9KMXH', { services: [], team: 'core' });
    expect((await on.run('explain', '--service-id', 'PF9KMXH', '--json')).json()).toMatchObject({
      match: { rule: 'pinned', team: 'core' },
    });
  });

  it.each([
    ['nothing to match', []],
    ['a URL of something else', ['--service-url', 'https://example.com/services/PF9KMXH']],
  ])('refuses %s', async (_, args) => {
    expect((await on.run('explain', ...args)).code).toBe(2);
  });
});

describe('pdbridge explain --repository', () => {
  const coded = { ...checkout, name: 'cart', team: 'shop', repositories: ['github.com/acme/cart'] };
  beforeAll(() => fillCatalog(on, checkout, coded));

  it('says whose deployments of it are, in any of its spellings', async () => {
    const { code, out } = await on.run('explain', '--repository', 'git@github.com:Acme/cart.git');
    expect(code).toBe(0);
    expect(out).toBe('services  cart\nThe catalog has the code of service "cart" in github.com/acme/cart.\n');
  });

  it('suggests services that are called alike where nobody knows', async () => {
    const { code, json } = await on.run(
      'explain',
      '--repository',
      'github.com/acme/checkout-service',
      '--json',
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      repository_id: 'github.com/acme/checkout-service',
      match: { rule: 'none', services: [] },
      suggestions: [{ name: 'checkout-api', likeName: 'checkout-service' }],
    });
    const { out } = await on.run('explain', '--repository', 'github.com/acme/checkout-service');
    expect(out).toMatch(
      /^services {2}-\nNo catalog service names repository .*\n\nDid you mean the service "checkout-api"\?/,
    );
  });

  it('does not repeat an address that is none: it may hold a token', async () => {
    const { code, err } = await on.run('explain', '--repository', 'https://x:token@');
    expect(code).toBe(2);
    expect(err).not.toContain('token');
  });
});
