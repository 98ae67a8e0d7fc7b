import { frozenAfter } from '../../lib/store/outgoing/outgoing.ts';
import { tell } from '../flow/reconcile/stories.ts';
import { type Account, createAccount } from '../support/pagerduty/account.ts';
import { type ServedAccount, serveAccount } from '../support/pagerduty/reach.ts';
import { restViewOf } from '../support/pagerduty/rest-view.ts';
import { type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let account: Account;
let served: ServedAccount;
const now = Date.parse('2026-06-20T06:00:00Z');
const story = tell('QONE', now - 5 * 3_600_000, [
  [0, 'triggered'],
  [10, 'annotated', { type: 'incident_note', content: 'Looking into it' }],
]);
beforeAll(async () => {
  account = createAccount({ now: () => now }, { incidents: [restViewOf(story)] });
  served = await serveAccount(account);
  const environment = { PAGERDUTY_TOKEN: 'read-key', PAGERDUTY_API_URL: served.url };
  on = await startOnDatabase(
    { unmatched: 'passthrough', destinations: [{ name: 'screen', type: 'console' }] },
    { environment, now },
  );
});
afterAll(async () => {
  await served.stop();
  await on.stop();
});
const run = (...args: string[]) => on.run('reconcile', '--config', 'infra/bridge.yml', ...args);
const since = ['--since', '2026-06-20'];

describe('pdbridge reconcile', () => {
  it('leaves the time before its first run to whoever asks for it', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain('Nothing was missing.');
    expect(out).toContain('1 incident of the time before');
  });

  it('says with --dry-run what is missing, and writes nothing', async () => {
    const { code, out } = await run(...since, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/QONE +unknown +triggered annotated/);
    expect(out).toContain('2 events of 1 incident would be written down');
    expect((await run(...since, '--dry-run', '--json')).json()).toMatchObject({ events: 2, dry_run: true });
  });

  it('writes down what is missing, which goes out like webhooks', async () => {
    const { code, json } = await run(...since, '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      events: 2,
      incidents: [
        { incident_id: 'QONE', differs: 'unknown', events: ['incident.triggered', 'incident.annotated'] },
      ],
    });
    on.bridge.deps.clock.advance(60_000);
    await on.bridge.sweep();
    const frozen = await frozenAfter(on.store, 'QONE', 0);
    expect(frozen.map(({ destinations }) => destinations)).toEqual([['screen'], ['screen']]);
    expect((await run(...since)).out).toContain('Nothing was missing.');
  });

  it('says what PagerDuty refuses, in its words', async () => {
    account.tokens.delete('read-key');
    const { code, err } = await run();
    account.tokens.set('read-key', 'read');
    expect(code).toBe(1);
    expect(err).toContain('does not know the token (401)');
  });

  it.each([
    [['--since', 'yesterday'], '--since is not a time'],
    [['--since', '2026-07-02'], '--since is in the future'],
  ])('with %j is wrong usage', async (args, words) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
