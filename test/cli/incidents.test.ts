import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { noteAsked } from '../../lib/store/incidents/asked.ts';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { type WebhookBody, webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';
import { pdbridge } from './run-cli.ts';

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase({ destinations: [{ name: 'screen', type: 'console' }], default_env: 'prod' });
  await fillCatalog(on, checkout);
  const at = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`;
  const send = (body: WebhookBody) => on.bridge.deliver(body);
  for (const [type, minute, status] of [
    ['incident.triggered', 0, 'triggered'],
    ['incident.acknowledged', 2, 'acknowledged'],
    ['incident.resolved', 30, 'resolved'],
  ] as const) {
    await send(
      webhookBody(type, {
        at: at(minute),
        data: { id: 'QDONE', status, created_at: at(0), title: 'Slow\u001b[31m' },
      }),
    );
  }
  const service = { id: 'PLOST01', summary: 'Lost' };
  await send(
    webhookBody('incident.triggered', {
      at: at(40),
      data: { id: 'QHELD', created_at: at(40), service, teams: [] },
    }),
  );
});
afterAll(() => on.stop());
const Key = { incident_id: { S: 'QDONE' } };
const config = ['--config', 'test/cli/fixtures/bridge.yml'];

describe('pdbridge incidents ls', () => {
  it('lists incidents, the newest first, without control characters', async () => {
    const lines = (await on.run('incidents', 'ls')).out.split('\n');
    expect(lines[1]).toMatch(/^QHELD .* held: unmatched /);
    expect(lines[2]).toMatch(
      /^QDONE +\d+ +resolved +checkout-api +payments +service_url .* 30 min +settled +Slow \[31m$/,
    );
    expect(lines[3]).toBe('2 incidents');
  });

  it.each([
    ['--held', ['QHELD']],
    ['--status resolved', ['QDONE']],
    ['--status acknowledged', []],
    ['--limit 1', ['QHELD']],
  ])('%s', async (options, ids) => {
    const { json } = await on.run('incidents', 'ls', ...options.split(' '), '--json');
    expect((json() as { incident_id: string }[]).map((row) => row.incident_id)).toEqual(ids);
  });

  it.each([60, 80, 100, 160])(
    'shows whole ids on a terminal of %i columns, and every column with -o wide',
    async (columns) => {
      const target = ['--endpoint-url', on.endpoint, '--table-prefix', on.prefix];
      const { out } = await pdbridge(['incidents', 'ls', ...target], { columns });
      const lines = out.split('\n');
      expect(lines[1]).toMatch(/^QHELD /);
      expect(Math.max(...lines.slice(0, 3).map((line) => line.length))).toBeLessThanOrEqual(columns);
      const wide = await pdbridge(['incidents', 'ls', '-o', 'wide', ...target], { columns });
      expect(wide.out.split('\n')[0]).toMatch(/^INCIDENT .* RULE .* STARTED AT \(UTC\) .* TITLE$/);
    },
  );

  it('says how many there are beyond the limit', async () => {
    expect((await on.run('incidents', 'ls', '--limit', '1')).out).toMatch(
      /2 incidents, the newest 1 shown\n$/,
    );
  });

  it.each([
    ['--status', 'gone'],
    ['--limit', '0'],
    ['--limit', 'many'],
  ])('refuses %s %s', async (...options) => {
    expect((await on.run('incidents', 'ls', ...options)).code).toBe(2);
  });

  it('keeps the bridge’s own bookkeeping out of the JSON', async () => {
    const { out } = await on.run('incidents', 'ls', '--json');
    expect(out).not.toMatch(/"(fold|epoch|woken)"/);
  });
});

describe('pdbridge incidents show', () => {
  it('shows what happened, whom it belongs to and why, and who was told', async () => {
    const { out } = await on.run('incidents', 'show', 'QDONE');
    expect(out).toMatch(/^restored in {5}1800 s$/m);
    expect(out).toMatch(/^match {11}PF9KMXH#1 by service_url: PagerDuty service/m);
    expect(out).toMatch(/^2026-03-02 10:00:00 +1 +Triggered.* screen delivered$/m);
    expect(out).toMatch(/^2026-03-02 10:30:00 +3 +Resolved.*restored after 30 min.* screen delivered$/m);
    expect((await on.run('incidents', 'show', 'QHELD')).out).toMatch(/ not yet$/m);
  });

  it('gives machines row, timeline and deliveries', async () => {
    expect((await on.run('incidents', 'show', 'QDONE', '--json')).json()).toMatchObject({
      incident: { incident_id: 'QDONE', status: 'resolved' },
      timeline: [
        { sequence: 1, deliveries: [{ destination: 'screen', status: 'delivered' }] },
        { sequence: 2 },
        { sequence: 3 },
      ],
    });
  });

  it('says so when there is no such incident', async () => {
    expect(await on.run('incidents', 'show', 'QNONE')).toMatchObject({
      code: 1,
      err: expect.stringContaining('QNONE'),
    });
  });

  it('says what PagerDuty answered where no event tells of it', async () => {
    const told = 'PagerDuty has no such incident (404)';
    await noteAsked(on.store, 'QHELD', Date.parse('2026-03-02T11:00:00Z'), told);
    expect((await on.run('incidents', 'show', 'QHELD')).out).toMatch(
      /PagerDuty said +PagerDuty has no such incident \(404\), 2026-03-02 11:00/,
    );
    await noteAsked(on.store, 'QHELD', Date.parse('2026-03-02T12:00:00Z'), undefined);
    expect((await on.run('incidents', 'show', 'QHELD')).out).not.toContain('PagerDuty said');
  });
});

describe('pdbridge incidents rebuild', () => {
  const check = (...args: string[]) => on.run('incidents', 'rebuild', ...args, '--check', ...config);
  const row = async () =>
    ((await on.run('incidents', 'show', 'QDONE', '--json')).json() as { incident: object }).incident;

  it('finds no difference in rows that nobody touched', async () => {
    expect(await check()).toMatchObject({
      code: 0,
      out: '2 incidents: 2 as the log says, 0 different, 0 rebuilt\n',
    });
  });

  it('finds what differs, says what, and ends with 1; --check changes nothing', async () => {
    const UpdateExpression = 'SET title = :wrong, reopen_count = :five REMOVE finished_at';
    const values = { ':wrong': { S: 'Wrong' }, ':five': { N: '5' } };
    await on.store.db.send(
      new UpdateItemCommand({
        TableName: 'test-incidents',
        Key,
        UpdateExpression,
        ExpressionAttributeValues: values,
      }),
    );
    const wrong = await row();
    const { code, out } = await check('QDONE');
    expect(code).toBe(1);
    expect(out).toContain('QDONE reopen_count: 5 → 0\n');
    expect(out).toContain('QDONE finished_at: nothing → "2026-03-02T10:30:00.000Z"\n');
    expect(await row()).toEqual(wrong);
    const { json } = await check('--json');
    expect(json()).toMatchObject({
      checked: 2,
      same: 1,
      different: 1,
      incidents: [{ incident_id: 'QDONE', outcome: 'different' }],
    });
  });

  it('writes the row as the log says', async () => {
    expect(await on.run('incidents', 'rebuild', ...config)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 rebuilt'),
    });
    expect((await check()).code).toBe(0);
    expect(await row()).toMatchObject({
      reopen_count: 0,
      finished_at: '2026-03-02T10:30:00.000Z',
      forwarding: 'settled',
    });
    expect(await row()).not.toHaveProperty('lease_owner');
  });

  it('brings back a row that was deleted, with the match that was recorded', async () => {
    const before = (await row()) as { matches: object[] };
    await pinService(on.store, 'PF9KMXH', { services: [], team: 'somebody-else' });
    await on.store.db.send(new DeleteItemCommand({ TableName: 'test-incidents', Key }));
    expect((await on.run('incidents', 'rebuild', 'QDONE', ...config)).code).toBe(0);
    const { matches, ...after } = (await row()) as { matches: { matched_at: string }[] };
    expect(after).toMatchObject({
      services: ['checkout-api'],
      team: 'payments',
      rule: 'service_url',
      last_sequence: 3,
    });
    expect(matches).toEqual(
      before.matches.map((match) => ({ ...match, matched_at: matches[0]?.matched_at })),
    );
    await on.bridge.deliver(
      webhookBody('incident.annotated', { at: '2026-03-02T10:31:00Z', data: { incident: { id: 'QDONE' } } }),
    );
    expect(await row()).toMatchObject({ last_sequence: 4, team: 'payments' });
    expect((await check()).code).toBe(0);
  });

  it('says so when there is no such incident', async () => {
    expect((await check('QNONE')).code).toBe(1);
  });

  it('refuses a configuration that cannot be read', async () => {
    expect((await on.run('incidents', 'rebuild', '--check', '--config', '/not/there.yml')).err).toContain(
      '/not/there.yml',
    );
  });
});

describe('pdbridge incidents rematch', () => {
  it('says first what would change, when asked', async () => {
    const { code, out } = await on.run('incidents', 'rematch', '--service', 'PF9KMXH', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^QDONE +checkout-api, team payments +team somebody-else$/m);
    expect(out).toContain('1 of 1 incident would change. Nothing was changed (--dry-run).');
    const { json } = await on.run('incidents', 'rematch', 'QDONE', '--dry-run', '--json');
    expect(json()).toMatchObject({ dry_run: true, changes: [{ incident_id: 'QDONE' }] });
  });

  it('asks for a new match, which the next sweep makes', async () => {
    const { code, err } = await on.run('incidents', 'rematch', 'QDONE');
    expect({ code, err }).toEqual({ code: 0, err: `Target: ${on.endpoint}, tables test-*\n` });
    await on.bridge.sweep();
    const { json } = await on.run('incidents', 'show', 'QDONE', '--json');
    expect(json()).toMatchObject({ incident: { rule: 'pinned', team: 'somebody-else' } });
  });

  it('shows from then on that a destination was told otherwise', async () => {
    const { out } = await on.run('incidents', 'show', 'QDONE');
    expect(out).toMatch(/^differs +screen was told that it belongs to checkout-api, team payments;/m);
    const { json } = await on.run('incidents', 'show', 'QDONE', '--json');
    expect(json()).toMatchObject({
      told_otherwise: [{ destination: 'screen', services: ['checkout-api'], team: 'payments' }],
    });
  });

  it('asks for all of a service or a time, and says at each destination what can be corrected', async () => {
    const { out } = await on.run('incidents', 'rematch', '--since', '2026-03-02', '--resend', ...config);
    expect(out).toContain('2 incidents are matched again with the next sweep.\n');
    expect(out).toMatch(/^\S+: keeps the events it was told; later ones carry the new match$/m);
    const later = await on.run('incidents', 'rematch', '--since', '2026-03-03');
    expect(later.out).toContain('0 incidents are matched again');
  });

  it('says why an incident of which only a note was seen cannot be matched again', async () => {
    await on.bridge.deliver(
      webhookBody('incident.annotated', {
        at: '2026-03-02T10:00:00.000Z',
        data: {
          id: 'NOTE1',
          incident: { id: 'QNOTEONLY', type: 'incident_reference', summary: 'x' },
          content: 'hm',
        },
      }),
    );
    const { code, err } = await on.run('incidents', 'rematch', 'QNOTEONLY');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(
        'QNOTEONLY cannot be matched again: none of its events has named a service yet',
      ),
    ]);
  });

  it('knows a service by its address, and none that was never seen', async () => {
    const address = 'https://acme.pagerduty.com/services/PF9KMXH';
    expect((await on.run('incidents', 'rematch', '--service', address, '--dry-run')).out).toContain(
      'of 1 incident would change',
    );
    const slip = await on.run('incidents', 'rematch', '--service', 'PF9KMXX');
    expect([slip.code, slip.err]).toEqual([
      1,
      expect.stringContaining('No PagerDuty service PF9KMXX has been seen yet. Did you mean PF9KMXH'),
    ]);
    const named = await on.run('incidents', 'rematch', '--service', 'checkout api');
    expect(named.err).toContain('Did you mean PF9KMXH ("Checkout API")? --service takes its id or address.');
  });

  it('wants to know which, and says so when there is no such incident', async () => {
    const none = await on.run('incidents', 'rematch', 'QNONE');
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringContaining('There is no incident QNONE. `pdbridge incidents ls` lists them.'),
    ]);
    expect((await on.run('incidents', 'rematch')).code).toBe(2);
    expect((await on.run('incidents', 'rematch', 'QDONE', '--service', 'PF9KMXH')).code).toBe(2);
    expect((await on.run('incidents', 'rematch', '--since', 'noon')).code).toBe(2);
  });
});
