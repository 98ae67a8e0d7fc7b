import { readIncident } from '../../lib/store/incidents/incidents.ts';
import { createDice } from '../simulation/dice.ts';
import { tellIncident } from '../simulation/pagerduty/incident-story.ts';
import { type Account, createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { restViewOf } from '../support/pagerduty/rest-view.ts';
import { type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let account: Account;
let served: ServedAccount;
const service = { id: 'PF9KMXH', name: 'Checkout API', teams: [] };
const cast = { services: [service], priorities: ['P1'] };
const stories = [1, 2, 3].map((seed) =>
  tellIncident(createDice(seed, 'import'), cast, Date.parse(`2026-0${seed}-20T10:00:00Z`), seed, 5),
);
beforeAll(async () => {
  account = createAccount({ now: Date.now }, { incidents: stories.map(restViewOf) });
  served = await serveAccount(account);
  const environment = { PAGERDUTY_TOKEN: 'read-key', PAGERDUTY_API_URL: served.url };
  on = await startOnDatabase(
    { unmatched: 'passthrough' },
    { environment, now: Date.parse('2026-07-01T00:00:00Z') },
  );
});
afterAll(async () => {
  await served.stop();
  await on.stop();
});
const run = (...args: string[]) =>
  on.run('import', '--config', 'infra/bridge.yml', '--pace', '1000', ...args);

describe('pdbridge import', () => {
  const range = ['--since', '2026-01-01', '--until', '2026-06-30'];

  it('says with --dry-run what there is, and writes nothing', async () => {
    const { code, out } = await run(...range, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^3 incidents in \d windows, about .* of requests\.\nNothing was written/);
    expect(account.asked.some((each) => each.includes('log_entries'))).toBe(false);
  });

  it('imports the past, and ends with an account beside PagerDuty’s', async () => {
    const { code, out } = await run(...range);
    expect(out).toMatch(/\n2026-01 +1 +1\n2026-02 +1 +1\n2026-03 +1 +1\n2026-04 +0 +0\n/);
    expect(code).toBe(0);
    const id = String(stories[0]?.[0]?.incidentId);
    await on.bridge.sweep();
    on.bridge.deps.clock.advance(60_000);
    await on.bridge.sweep();
    expect(await readIncident(on.store, id)).toMatchObject({ imported: true, source: 'pagerduty' });
  });

  it('done again writes nothing more', async () => {
    const { code, json } = await run(...range, '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({ events: 0, unreadable: 0, unknown: {} });
  });

  it('ends with 1 where PagerDuty counts otherwise', async () => {
    account.weather = ({ path }) => {
      const counts = path.includes('total=true') && path.includes('since=2026-02-01');
      return counts ? { status: 200, body: { incidents: [], total: 7 } } : undefined;
    };
    const { code, err } = await run(...range);
    account.weather = () => undefined;
    expect(code).toBe(1);
    expect(err).toContain('2026-02: PagerDuty counts otherwise');
  });

  it.each([
    [[], '--since'],
    [['--since', 'yesterday'], '--since is not a time'],
    [['--since', '2026-07-02'], 'not before the end'],
    [['--since', '2026-01-01', '--pace', '0'], '--pace'],
  ])('with %j is wrong usage', async (args, words) => {
    const { code, err } = await on.run('import', ...args, '--config', 'infra/bridge.yml');
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
