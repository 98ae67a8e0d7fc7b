import { createTestBridge } from '../support/bridge.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let receiver: Receiver;
const config = ['--config', 'test/cli/fixtures/bridge.yml'];
const event = (incident: string, second: number) =>
  webhookBody('incident.acknowledged', {
    id: `E${second}`,
    at: `2026-03-02T10:00:0${second}Z`,
    data: { id: incident },
  });
const ids = () => receiver.received.map(({ json }) => json.id);

beforeAll(async () => {
  receiver = await startReceiver();
  on = await startOnDatabase({ destinations: [{ name: 'hook', type: 'webhook', url: receiver.url }] });
  await fillCatalog(on, checkout);
  receiver.answerWith(400, 400, 200);
  for (const [incident, second] of [
    ['QA', 1],
    ['QA', 2],
    ['QA', 3],
    ['QB', 4],
  ] as const) {
    await on.bridge.deliver(event(incident, second));
  }
});
afterAll(async () => {
  await on.stop();
  await receiver.close();
});

describe('pdbridge deliveries ls', () => {
  it('lists what was sent and what is dead, and why', async () => {
    const { out } = await on.run('deliveries', 'ls');
    expect(out).toMatch(/^QA +1 +incident\.acknowledged +hook +dead +1 .*400/m);
    expect(out).toMatch(/^QB +1 +incident\.acknowledged +hook +delivered +1 /m);
    expect(out).toMatch(/4 deliveries\n$/);
  });

  it.each([
    ['--status dead', 2],
    ['--status dead --incident QB', 0],
    ['--destination hook', 4],
    ['--destination other', 0],
    ['--incident QA --limit 1', 1],
  ])('%s', async (options, count) => {
    expect((await on.run('deliveries', 'ls', ...options.split(' '), '--json')).json()).toHaveLength(count);
  });

  it('refuses an unknown status', async () => {
    expect((await on.run('deliveries', 'ls', '--status', 'lost')).code).toBe(2);
  });
});

describe('pdbridge deliveries redrive', () => {
  it('says with --dry-run what it would do, and changes nothing', async () => {
    const { code, out } = await on.run('deliveries', 'redrive', '--dry-run', ...config);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'hook: 2 dead\nNothing was changed (--dry-run); 2 deliveries would be sent again.\n',
    });
    expect((await on.run('deliveries', 'ls', '--status', 'dead', '--json')).json()).toHaveLength(2);
  });

  it.each([
    ['another destination', ['--destination', 'other']],
    ['another incident', ['--incident', 'QB']],
  ])('leaves alone what is of %s', async (_, options) => {
    const { json } = await on.run('deliveries', 'redrive', ...options, ...config, '--json');
    expect(json()).toEqual({ dry_run: false, dead: 0, redriven: 0, expired: 0, no_longer_dead: 0 });
  });

  it('marks them due; the next sweep sends them in order, with the same ids', async () => {
    expect(ids()).toEqual(['E3', 'E4']);
    const { out, err } = await on.run('deliveries', 'redrive', ...config);
    expect(err).toBe(`Target: ${on.endpoint}, tables test-*\n`);
    expect(out).toBe('hook: 2 dead\n2 deliveries sent again with the next sweep.\n');
    expect(ids()).toEqual(['E3', 'E4']);
    await on.bridge.sweep();
    expect(ids()).toEqual(['E3', 'E4', 'E1', 'E2']);
    expect((await on.run('incidents', 'ls', '--json')).json()).toMatchObject([
      { forwarding: 'settled' },
      { forwarding: 'settled' },
    ]);
  });
});

describe('pdbridge deliveries backfill', () => {
  const backfill = (...args: string[]) =>
    on.run('deliveries', 'backfill', '--destination', 'screen', ...args, ...config);

  it('says with --dry-run what it would do, and changes nothing', async () => {
    const { out } = await backfill('--since', '2026-03-01', '--dry-run');
    expect(out).toBe(
      '4 events would be owed to screen, 0 already there, 0 for nobody.\nNothing was changed (--dry-run).\n',
    );
    expect((await on.run('deliveries', 'ls', '--destination', 'screen', '--json')).json()).toEqual([]);
  });

  it('owes the history once, and the bridge sends it in order', async () => {
    const printed: string[] = [];
    const { deps } = createTestBridge(on.store, {
      config: { destinations: [{ name: 'screen', type: 'console' }] },
    });
    expect((await backfill('--since', '2026-03-01')).out).toContain(
      '4 events owed to screen, 0 already there',
    );
    expect((await backfill('--since', '2026-03-01', '--json')).json()).toMatchObject({
      owed: 0,
      already_there: 4,
    });
    const screen = deps.destinations.map((each) => ({
      ...each,
      send: async (payload: Record<string, unknown>) => {
        printed.push(JSON.parse(String(payload['body'])).id);
        return { outcome: 'delivered' as const };
      },
    }));
    const { createSweep } = await import('../../lib/flow/sweep/sweep.ts');
    await createSweep({ ...deps, destinations: screen })(60_000);
    expect(printed.filter((id) => id !== 'E4')).toEqual(['E1', 'E2', 'E3']);
    expect(printed).toContain('E4');
  });

  it('owes nothing from before the time given', async () => {
    expect((await backfill('--since', '2999-01-01', '--json')).json()).toMatchObject({ events: 0, owed: 0 });
  });

  it('refuses a destination nobody knows, naming those known, and a time that is none', async () => {
    const unknown = await on.run(
      'deliveries',
      'backfill',
      '--destination',
      'scren',
      '--since',
      '2026-03-01',
      ...config,
    );
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('Known are: screen.') });
    expect((await backfill('--since', 'yesterday')).code).toBe(2);
  });

  it('refuses one that only the deployed bridge knows: what it wants stands in no file here', async () => {
    const deployed = await on.run(
      ...['deliveries', 'backfill', '--destination', 'hook', '--since', '2026-03-01'],
      ...config,
    );
    expect(deployed).toMatchObject({ code: 1, err: expect.stringContaining('--config FILE') });
  });
});
