import { deliverReport, finished, report, withdraw } from '../support/reports.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

const id = 'INC-000000000042';
const key = `dora:${id}`;
const config = ['--config', 'test/cli/fixtures/bridge.yml'];

let on: OnDatabase;
beforeAll(async () => {
  const ingest = { settle_minutes: 15 };
  on = await startOnDatabase({ destinations: [{ name: 'screen', type: 'console' }], ingest });
  await fillCatalog(on, checkout);
  await deliverReport(on.bridge, report({ external_id: id, name: 'Baskets stay empty' }));
  await deliverReport(on.bridge, report({ external_id: id, finished_at: finished }));
});
afterAll(() => on.stop());

describe('a reported incident', () => {
  it.each([id, key])(
    'is shown by the id %s: who reported it, what was told when, whose it is and why',
    async (asked) => {
      const { out } = await on.run('incidents', 'show', asked);
      expect(out).toMatch(/^incident {8}dora:INC-000000000042 Baskets stay empty$/m);
      expect(out).toMatch(/^reported by {5}dora_api as INC-000000000042$/m);
      expect(out).toMatch(
        /^match {11}given#\w+ by given: The report \(dora_api\) names service "checkout-api" and no team/m,
      );
      expect(out).toMatch(/ 1 +Reported \(dora_api\).* screen delivered$/m);
      expect(out).toMatch(
        / 2 +Reported with its end \(dora_api\); restored after 32 min 25 s.* screen delivered$/m,
      );
    },
  );

  it('is listed with its rule', async () => {
    expect((await on.run('incidents', 'ls')).out).toMatch(/^dora:INC-000000000042 .* resolved .* given /m);
  });

  it.each([[id], [key], []])('is computed from the log like any other: %s', async (...asked) => {
    const checked = await on.run('incidents', 'rebuild', ...asked, '--check', ...config);
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('1 incident: 1 as the log says') });
  });

  it('is not matched again, and it is said why', async () => {
    expect(await on.run('incidents', 'rematch', id)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Incident INC-000000000042 says itself whose it is \(rule given\)/),
    });
    const { code, out } = await on.run('incidents', 'rematch', '--since', '2026-01-01');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/1 reported incident left alone: each says itself/),
    ]);
  });

  it('that was taken back says so', async () => {
    await withdraw(on.bridge, id);
    expect((await on.run('incidents', 'ls')).out).toMatch(/^dora:INC-000000000042 .* withdrawn /m);
    const { out } = await on.run('incidents', 'show', id);
    expect(out).toMatch(/^taken back /m);
    expect(out).toMatch(/ 3 +Withdrawn/m);
  });
});
