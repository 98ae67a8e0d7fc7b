import { createHash } from 'node:crypto';
import { appendQuarantined } from '../../lib/store/events/append-event.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase();
  await fillCatalog(on, checkout);
});
afterAll(() => on.stop());

/** Puts a body into quarantine as an older version would that could not read it. */
async function quarantine(body: string): Promise<string> {
  const sha256 = createHash('sha256').update(body).digest('hex');
  await appendQuarantined(on.store, {
    sha256,
    reason: 'could not be read',
    receivedAt: '2026-03-02T10:00:00.000Z',
    rawBody: Buffer.from(body),
    envHeader: 'prod',
    expiresAt: 4_000_000_000,
  });
  return sha256;
}
const readable = JSON.stringify(
  webhookBody('incident.triggered', { id: 'E1', at: '2026-03-02T09:59:00Z', data: { id: 'QREAD' } }),
);

describe('pdbridge quarantine', () => {
  it('lists what could not be read, and why', async () => {
    await on.bridge.send('not json');
    const id = createHash('sha256').update('not json').digest('hex');
    const { out } = await on.run('quarantine', 'ls');
    expect(out).toMatch(new RegExp(`^${id} .* The body is not JSON\\.$`, 'm'));
    expect(out).toMatch(/1 delivery in quarantine\n$/);
    expect((await on.run('quarantine', 'ls', '--json')).json()).toMatchObject([{ id, body: 'not json' }]);
  });

  it('replays what can be read by now: it is processed like any other event, once', async () => {
    const id = await quarantine(readable);
    const first = await on.run('quarantine', 'replay', id);
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringContaining('Accepted: incident.triggered of incident QREAD, event E1.'),
    });
    expect((await on.run('quarantine', 'replay', `quarantine:${id}`)).out).toContain('in the log already');
    on.bridge.deps.clock.advance(60_000);
    await on.bridge.sweep();
    const { json } = await on.run('incidents', 'show', 'QREAD', '--json');
    expect(json()).toMatchObject({
      incident: { env: 'prod', services: ['checkout-api'], event_count: 1 },
      timeline: [{ sequence: 1 }],
    });
    expect((await on.run('quarantine', 'ls', '--json')).json()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id, event_id: 'E1', replayed_at: expect.any(String) }),
      ]),
    );
  });

  it.each([
    ['what still cannot be read', 'still not json', 'It still cannot be read: The body is not JSON.'],
    ['a ping', JSON.stringify(webhookBody('pagey.ping', { at: '2026-03-02T10:00:00Z' })), 'It is a ping'],
  ])('does not replay %s', async (_, body, reason) => {
    const id = await quarantine(body);
    expect(await on.run('quarantine', 'replay', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining(reason),
    });
  });

  it('says so when there is no such delivery', async () => {
    expect(await on.run('quarantine', 'replay', 'abc')).toMatchObject({
      code: 1,
      err: expect.stringContaining('as abc'),
    });
  });
});
