import { identify } from '../../../lib/domain/incident-report/identify.ts';
import { derivedId } from '../../../lib/domain/subject/derived-id.ts';
import { loggedEvent } from '../../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../../lib/store/events/append-event.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { deliverReport, finished, report, started, withdraw } from '../../support/reports.ts';
import { createFixture, type Fixture, minute } from './fixture.ts';

const ingest = { settle_minutes: 15 };
let fixture: Fixture;
let bridge: TestBridge;
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge({ ingest, default_env: 'prod', env_names: { live: 'production' } });
  await fixture.push(service('checkout-api', { team: 'payments' }), service('cart', { team: 'shopping' }));
});

const sent = () =>
  fixture.arrived().map(({ sequence, type, late }) => [sequence, type, ...(late ? ['late'] : [])]);
const end = { finished_at: finished };

describe('an incident that another program reports', () => {
  it('goes out as it was given, with the owner of its service and without a PagerDuty block', async () => {
    const id = await deliverReport(
      bridge,
      report({
        name: 'Baskets stay empty',
        severity: 'SEV-2',
        version: '1.4.2',
        commit_sha: 'f00dfeed',
        repository_url: 'https://github.com/acme/checkout',
        custom_tags: ['region:eu'],
      }),
    );
    const [event] = fixture.arrived();
    expect(event).toEqual({
      version: '1',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      sequence: 1,
      type: 'incident.triggered',
      occurred_at: started,
      services: ['checkout-api'],
      team: 'payments',
      env: 'production',
      severity: 'SEV-2',
      name: 'Baskets stay empty',
      started_at: started,
      source: 'dora_api',
      what: 'Reported (dora_api)',
      incident: {
        id,
        status: 'triggered',
        reopen_count: 0,
        merged_into: null,
        custom_fields: {},
        external_id: id.slice('dora:'.length),
        version: '1.4.2',
        git: { commit_sha: 'f00dfeed', repository_url: 'https://github.com/acme/checkout' },
        custom_tags: ['region:eu'],
      },
      match: {
        rule: 'given',
        explanation:
          'The report (dora_api) names service "checkout-api" and no team; in the catalog it belongs to team "payments".',
      },
    });
  });

  it('has a row that says where it comes from, and no mapping row', async () => {
    const id = await deliverReport(bridge, report({ external_id: 'INC-000000000042', ...end }));
    expect(id).toBe('dora:INC-000000000042');
    const row = await fixture.row(id);
    expect(row).toMatchObject({
      source: 'dora_api',
      external_id: 'INC-000000000042',
      rule: 'given',
      services: ['checkout-api'],
      team: 'payments',
      env: 'production',
      status: 'resolved',
      started_at: started,
      finished_at: finished,
      time_to_restore_seconds: 1945,
      forwarding: 'settled',
    });
    for (const name of [
      'inferred',
      'pagerduty_service_id',
      'pagerduty_teams',
      'former_services',
      'held_reason',
    ])
      expect(row).not.toHaveProperty(name);
    expect(sent()).toEqual([[1, 'incident.resolved']]);
  });

  const starts = report({ name: 'Baskets stay empty' });
  const ends = report(end);
  it.each([
    ['start, end', [starts, ends], ['incident.triggered', 'incident.resolved']],
    ['end, start', [ends, starts], ['incident.resolved', 'incident.triggered late']],
    ['each twice', [starts, starts, ends, ends], ['incident.triggered', 'incident.resolved']],
  ])('is one incident when told apart: %s', async (_order, reports, types) => {
    for (const told of reports) await deliverReport(bridge, told);
    expect(sent().map(([, ...type]) => type.join(' '))).toEqual(types);
    const rows = await fixture.row(`dora:${fixture.arrived()[0]?.incident.external_id}`);
    expect(rows).toMatchObject({ title: 'Baskets stay empty', started_at: started, finished_at: finished });
    expect(fixture.arrived().at(-1)).toMatchObject({
      finished_at: finished,
      incident: { status: 'resolved' },
    });
  });

  it('says what was received last where something is told twice, and keeps its end', async () => {
    await deliverReport(bridge, report({ name: 'Something is slow', ...end }));
    fixture.clock.advance(1000);
    const id = await deliverReport(bridge, report({ name: 'Checkout is slow', severity: 'SEV-1' }));
    expect(await fixture.row(id)).toMatchObject({
      title: 'Checkout is slow',
      severity: 'SEV-1',
      status: 'resolved',
      finished_at: finished,
    });
  });

  it('began when it was first seen, where nobody says when', async () => {
    const external_id = 'INC-000000000042';
    const { started_at: _started, ...seen } = report({ external_id });
    await deliverReport(bridge, { ...seen, seen_at: '2026-03-02T10:00:00.000Z' });
    const id = await deliverReport(bridge, { ...seen, seen_at: started });
    expect((await fixture.row(id))['started_at']).toBe(started);
    await deliverReport(bridge, { ...seen, finished_at: finished });
    expect(await fixture.row(id)).toMatchObject({ started_at: started, time_to_restore_seconds: 1945 });
  });

  it('has no exact start and no time to restore where only its end is told', async () => {
    const { started_at: _started, ...ended } = report({ external_id: 'INC-000000000042', ...end });
    const row = await fixture.row(await deliverReport(bridge, ended));
    expect(row).toMatchObject({ finished_at: finished, inferred: ['started_at', 'time_to_restore_seconds'] });
    expect(row).not.toHaveProperty('time_to_restore_seconds');
  });

  it('is told with the name of each moment when several reports go out together', async () => {
    const held = fixture.bridge({ ingest });
    for (const name of ['Slow', 'Very slow']) {
      const { id: _id, ...event } = identify(report({ name, ...(name === 'Slow' ? {} : end) }));
      await appendEvent(fixture.store, loggedEvent(event, minute(name === 'Slow' ? 40 : 41), {}), 0);
    }
    await held.sweep();
    expect(fixture.arrived().map(({ name }) => name)).toEqual(['Slow', 'Very slow']);
  });

  it('is updated by a correction, and ended again by another end', async () => {
    await deliverReport(bridge, report());
    fixture.clock.advance(1000);
    await deliverReport(bridge, report({ severity: 'SEV-1' }));
    fixture.clock.advance(1000);
    await deliverReport(bridge, report(end));
    fixture.clock.advance(1000);
    await deliverReport(bridge, report({ finished_at: '2026-03-02T10:45:00.000Z' }));
    expect(sent().map(([, type]) => type)).toEqual([
      'incident.triggered',
      'incident.updated',
      'incident.resolved',
      'incident.resolved',
    ]);
    expect(fixture.arrived().at(-1)?.finished_at).toBe('2026-03-02T10:45:00.000Z');
  });

  it('has the configured environment where it names none, and is another incident than one that names it', async () => {
    const { env: _env, ...nowhere } = report();
    const [one, other] = [
      await deliverReport(bridge, nowhere),
      await deliverReport(bridge, report({ env: 'prod' })),
    ];
    expect(one).not.toBe(other);
    expect([(await fixture.row(one))['env'], (await fixture.row(other))['env']]).toEqual(['prod', 'prod']);
  });

  it.each([
    ['given', { team: 'search' }, 'search', /names service "checkout-api" and team "search"\.$/],
    ['alone', { services: [], team: 'search' }, 'search', /names team "search"\.$/],
    [
      'of several owners',
      { services: ['cart', 'checkout-api'] },
      undefined,
      /several teams, "payments" and "shopping"/,
    ],
    ['not in the catalog', { services: ['nowhere'] }, undefined, /the catalog knows no team of its\.$/],
  ])('has a team: %s', async (_what, said, team, explanation) => {
    const id = await deliverReport(bridge, report(said));
    expect((await fixture.row(id))['team']).toBe(team);
    expect(fixture.arrived()[0]?.match.explanation).toMatch(explanation);
  });

  it('keeps the team its start went out with, whatever the catalog says by then', async () => {
    await deliverReport(bridge, report());
    await fixture.push(service('checkout-api', { team: 'somebody-else' }));
    await deliverReport(bridge, report(end));
    expect(fixture.arrived().map(({ team }) => team)).toEqual(['payments', 'payments']);
  });

  it('belongs to other services as soon as the report says so', async () => {
    const external_id = 'INC-000000000042';
    await deliverReport(bridge, report({ external_id }));
    fixture.clock.advance(1000);
    const id = await deliverReport(bridge, report({ external_id, services: ['cart'] }));
    expect(await fixture.row(id)).toMatchObject({ services: ['cart'], team: 'shopping' });
  });

  it('keeps its row small, however often it is said to belong to others', async () => {
    const external_id = 'INC-000000000042';
    let id = '';
    for (const team of ['a', 'b', 'c', 'd', 'e']) {
      id = await deliverReport(bridge, report({ external_id, services: [], team }));
      fixture.clock.advance(1000);
    }
    const row = await fixture.row(id);
    expect(row['team']).toBe('e');
    expect((row['matches'] as { team: string }[]).map(({ team }) => team)).toEqual(['d', 'e']);
  });

  it('stays taken back, and says so to who was told of it', async () => {
    const external_id = 'INC-000000000042';
    const id = await deliverReport(bridge, report({ external_id }));
    await withdraw(bridge, external_id);
    await deliverReport(bridge, report({ external_id, ...end }));
    expect(sent().map(([, type]) => type)).toEqual([
      'incident.triggered',
      'incident.deleted',
      'incident.resolved',
    ]);
    const { withdrawn_at } = await fixture.row(id);
    expect(withdrawn_at).toMatch(/^2026-/);
    expect(fixture.arrived().map(({ incident }) => incident.withdrawn_at)).toEqual([
      undefined,
      withdrawn_at,
      withdrawn_at,
    ]);
  });

  it('is kept and goes nowhere under an id that this bridge has sent', async () => {
    const id = await deliverReport(bridge, report({ external_id: 'pagerduty:Q2CKYRLH85UNN4' }));
    expect(id).toMatch(/^echo:/);
    const [row] = await fixture.rowsOf('events', id);
    expect(row).toMatchObject({ outcome: 'skipped: sent_by_this_bridge' });
    expect(row).not.toHaveProperty('due_at');
    expect(await fixture.row(id)).toEqual({});
    expect(sent()).toEqual([]);
  });

  it('with neither services nor team waits, and is not lost', async () => {
    const id = await deliverReport(bridge, report({ services: [], external_id: derivedId(['nobody']) }));
    expect(await fixture.row(id)).toMatchObject({ forwarding: 'held', held_reason: 'no_service_yet' });
    await deliverReport(bridge, report({ team: 'search', external_id: derivedId(['nobody']) }));
    expect(sent().map(([, type]) => type)).toEqual(['incident.triggered', 'incident.updated']);
  });
});

describe('who hears of a reported incident', () => {
  const hook = () => ({ name: 'hook', type: 'webhook', url: fixture.receiver.url });
  const heard = async (config: Parameters<Fixture['bridge']>[0]) => {
    await deliverReport(fixture.bridge(config), report());
    return sent().length === 1;
  };

  it('is everybody where others may report', async () => expect(await heard({ ingest })).toBe(true));
  it('is nobody where they may not', async () => expect(await heard({})).toBe(false));
  it.each([
    ['the one that asks for its source', { only: { sources: ['dora_api'] } }, true],
    ['not the one that asks for another', { only: { sources: ['pagerduty'] } }, false],
    [
      'the one that asks for what only reports are',
      { events: ['incident.triggered', 'incident.updated'] },
      true,
    ],
    ['not the one that asks for what webhooks are too', { events: ['incident.triggered'] }, false],
  ])('is %s', async (_who, more, expected) =>
    expect(await heard({ destinations: [{ ...hook(), ...more }] })).toBe(expected),
  );
  it('is not the one that wants PagerDuty alone, even where others may report', async () =>
    expect(await heard({ ingest, destinations: [{ ...hook(), only: { sources: ['pagerduty'] } }] })).toBe(
      false,
    ));

  it('gets the start too when it begins to ask', async () => {
    await deliverReport(fixture.bridge({}), report());
    expect(sent()).toEqual([]);
    await deliverReport(bridge, report(end));
    expect(sent()).toEqual([
      [1, 'incident.triggered'],
      [2, 'incident.resolved'],
    ]);
  });
});
