import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, minute, page, threeEvents, told } from './fixture.ts';

/**
 * The log is kept for a limited time, an incident's row longer than its log. An incident that is reopened after
 * that has a row that knows more than its log does.
 */
const retentionDays = 30;
const day = 24 * 60;
const later = 45 * day;

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge({ retention_days: retentionDays });
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
  for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
  fixture.clock.advance(later * 60_000);
  fixture.expire();
  expect(await fixture.rowsOf('events', 'Q1')).toEqual([]);
});

const reopened = told('Q1', 'incident.reopened', later, { service: at('PCHECK') });
const acknowledged = told('Q1', 'incident.acknowledged', later + 1, {
  service: at('PCHECK'),
  reopened_at: minute(later),
});
const resolved = told('Q1', 'incident.resolved', later + 4, {
  service: at('PCHECK'),
  reopened_at: minute(later),
});
const facts = {
  started_at: minute(0),
  acknowledged_at: minute(2),
  finished_at: minute(later + 4),
  time_to_restore_seconds: 7 * 60 + 4 * 60,
  reopen_count: 1,
  team: 'payments',
  forwarding: 'settled',
};
const sent = () =>
  fixture.arrived('Q1').map(({ sequence, type, late }) => [sequence, type.slice('incident.'.length), late]);

describe('an incident that is reopened after its log has expired', () => {
  it('keeps what its row knows, and its sequence goes on', async () => {
    for (const body of [reopened, acknowledged, resolved]) await bridge.deliver(body);
    expect(await fixture.row('Q1')).toMatchObject({ ...facts, event_count: 6 });
    expect(sent().slice(3)).toEqual([
      [4, 'reopened', undefined],
      [5, 'acknowledged', undefined],
      [6, 'resolved', undefined],
    ]);
    expect(fixture.arrived('Q1').at(-1)).toMatchObject({
      services: ['checkout-api'],
      started_at: minute(0),
      incident: { time_to_restore_seconds: 660, reopen_count: 1 },
    });
  });

  it('takes in events that come in the wrong order, with nothing sent again', async () => {
    for (const body of [acknowledged, reopened, resolved]) await bridge.deliver(body);
    expect(await fixture.row('Q1')).toMatchObject(facts);
    expect(sent().slice(3)).toEqual([
      [4, 'acknowledged', undefined],
      [5, 'reopened', true],
      [6, 'resolved', undefined],
    ]);
  });

  it('does so also when more come at once than have expired', async () => {
    const early = [1, 2, 3, 4, 5].map((second) =>
      told('Q1', 'incident.reassigned', later + second / 60, {
        service: at('PCHECK'),
        reopened_at: minute(later),
      }),
    );
    await bridge.deliver(acknowledged);
    for (const body of early) await bridge.send(body);
    await bridge.deliver(reopened);
    fixture.clock.advance(60_000);
    await bridge.sweep();
    await bridge.deliver(resolved);
    expect(await fixture.row('Q1')).toMatchObject(facts);
    expect(sent().map(([sequence]) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(new Set(fixture.arrived('Q1').map(({ id }) => id)).size).toBe(11);
  });

  it('is held with the rest when it comes back at a service nobody has mapped', async () => {
    const elsewhere = { service: at('POTHER') };
    await bridge.deliver(told('Q1', 'incident.reopened', later, elsewhere));
    await bridge.deliver(told('Q1', 'incident.resolved', later + 2, elsewhere));
    expect(await fixture.row('Q1')).toMatchObject({
      forwarding: 'held',
      held_service: 'POTHER',
      status: 'resolved',
    });
    await fixture.push(service('other', { team: 'core', pagerduty: page('POTHER') }));
    await bridge.sweep();
    expect(sent().slice(3)).toEqual([
      [4, 'reopened', undefined],
      [5, 'resolved', undefined],
    ]);
    expect(fixture.arrived('Q1').at(-1)).toMatchObject({ team: 'core', started_at: minute(0) });
  });
});

describe('a log of which only a part has expired', () => {
  it('does not count as the whole story', async () => {
    for (const body of [reopened, acknowledged]) await bridge.deliver(body);
    fixture.clock.advance(20 * day * 60_000);
    await bridge.deliver(told('Q1', 'incident.resolved', later + 20 * day, { service: at('PCHECK') }));
    fixture.clock.advance(15 * day * 60_000);
    fixture.expire();
    expect(await fixture.rowsOf('events', 'Q1')).toHaveLength(1);
    await bridge.deliver(told('Q1', 'incident.delegated', later + 6 * day, { service: at('PCHECK') }));
    expect(await fixture.row('Q1')).toMatchObject({
      started_at: minute(0),
      reopen_count: 1,
      status: 'resolved',
    });
    expect(sent().map(([sequence]) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a log that has expired in its middle', () => {
  it('does not count as the whole story either', async () => {
    fixture = createFixture();
    bridge = fixture.bridge();
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await fixture.forget('events', 'Q1', (row) => row['event_type'] !== 'incident.triggered');
    await bridge.deliver(told('Q1', 'incident.delegated', 1, { service: at('PCHECK') }));
    expect(await fixture.row('Q1')).toMatchObject({
      status: 'resolved',
      acknowledged_at: minute(2),
      time_to_restore_seconds: 420,
    });
    expect(sent().at(-1)).toEqual([4, 'delegated', true]);
  });
});

describe('frozen events that are gone before the events they came from', () => {
  it('are not taken for events that were never sent', async () => {
    fixture = createFixture();
    // TTL deletes days late and in any order; with a short horizon the frozen events may well go first.
    bridge = fixture.bridge({ retention_days: retentionDays, retry: { horizon_hours: 1 } });
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await fixture.forget('outgoing', 'Q1');
    await bridge.deliver(told('Q1', 'incident.reopened', later, { service: at('PCHECK') }));
    await bridge.deliver(told('Q1', 'incident.delegated', 1, { service: at('PCHECK') }));
    expect(sent()).toEqual([
      [1, 'triggered', undefined],
      [2, 'acknowledged', undefined],
      [3, 'resolved', undefined],
      [4, 'reopened', undefined],
      [5, 'delegated', true],
    ]);
  });
});
