import { pinService } from '../../../lib/store/mappings/mappings.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, noted, page, teamRef, threeEvents, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});

const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });
const sent = (incidentId: string) =>
  fixture
    .arrived(incidentId)
    .map(({ sequence, type, services, team: owner }) => [
      sequence,
      type.slice('incident.'.length),
      services,
      owner,
    ]);
const deliveries = async (incidentId: string) =>
  (await fixture.rowsOf('deliveries', incidentId)).map((row) => [row['status'], row['reason']]);
const dueMarks = async (incidentId: string) => [
  ...(await fixture.rowsOf('events', incidentId)).filter((row) => row['due_at']),
  ...(await fixture.rowsOf('deliveries', incidentId)).filter((row) => row['due_at']),
];

describe('unmatched: hold', () => {
  it('keeps the incident back, visibly, without anything left to do until something changes', async () => {
    const bridge = fixture.bridge();
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    expect(fixture.arrived()).toEqual([]);
    expect(await fixture.row('Q1')).toMatchObject({
      forwarding: 'held',
      held_reason: 'unmatched',
      held_service: 'PCHECK',
      rule: 'none',
      status: 'resolved',
      time_to_restore_seconds: 420,
      event_count: 3,
    });
    expect(await fixture.rowsOf('outgoing', 'Q1')).toEqual([]);
    expect(await fixture.rowsOf('deliveries', 'Q1')).toEqual([]);
    expect(await dueMarks('Q1')).toEqual([]);
    expect(await fixture.mapping('PCHECK')).toMatchObject({ rule: 'none', held: 'held', services: [] });
    expect(bridge.deps.telemetry.count('IncidentsHeld')).toBe(1);
    expect(bridge.deps.telemetry.count('EventsFrozen')).toBe(0);
  });

  it('never lets what is held expire', async () => {
    const bridge = fixture.bridge();
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    for (const row of await fixture.rowsOf('events', 'Q1')) expect(row).not.toHaveProperty('expires_at');
    expect(await fixture.row('Q1')).not.toHaveProperty('expires_at');
    fixture.clock.advance(3 * 365 * 86_400_000);
    expect(fixture.expire()).toBe(0);
    await fixture.push(checkout);
    await bridge.sweep();
    expect(sent('Q1').map(([sequence]) => sequence)).toEqual([1, 2, 3]);
    for (const row of await fixture.rowsOf('events', 'Q1')) expect(row).toHaveProperty('expires_at');
  });

  it.each([
    ['a push that covers the service', () => fixture.push(checkout)],
    [
      'a push that covers the service by its name',
      () => fixture.push(service('service pcheck', { team: 'payments' })),
    ],
    ['a pin', () => pinService(fixture.store, 'PCHECK', { services: [], team: 'payments' })],
  ])('forwards it in order and once each after %s', async (_, fix) => {
    const bridge = fixture.bridge();
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    for (const body of threeEvents('Q2', at('POTHER'))) await bridge.deliver(body);
    await fix();
    await bridge.sweep();
    await bridge.sweep();
    expect(sent('Q1').map(([sequence, type, , owner]) => [sequence, type, owner])).toEqual([
      [1, 'triggered', 'payments'],
      [2, 'acknowledged', 'payments'],
      [3, 'resolved', 'payments'],
    ]);
    expect(fixture.arrived('Q1').map(({ late, incident }) => [late, incident.status])).toEqual([
      [undefined, 'triggered'],
      [undefined, 'acknowledged'],
      [undefined, 'resolved'],
    ]);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled', team: 'payments' });
    expect(await fixture.row('Q1')).not.toHaveProperty('held_reason');
    expect(await deliveries('Q1')).toEqual(Array.from({ length: 3 }, () => ['delivered', undefined]));
    expect(await dueMarks('Q1')).toEqual([]);
    expect(sent('Q2')).toEqual([]);
    expect(await fixture.row('Q2')).toMatchObject({ forwarding: 'held' });
  });

  it('puts late and early events of a held incident into the order of the log', async () => {
    const bridge = fixture.bridge();
    const [triggered, acknowledged, resolved] = threeEvents('Q1', at('PCHECK'));
    for (const body of [resolved, triggered, acknowledged]) if (body) await bridge.deliver(body);
    await fixture.push(checkout);
    await bridge.sweep();
    expect(sent('Q1').map(([sequence, type]) => [sequence, type])).toEqual([
      [1, 'triggered'],
      [2, 'acknowledged'],
      [3, 'resolved'],
    ]);
    expect(fixture.arrived('Q1').some(({ late }) => late)).toBe(false);
  });

  it('goes out with the next event, when that one brings a PagerDuty team that matches', async () => {
    const bridge = fixture.bridge();
    await fixture.push(team('payments'));
    const service_ = at('PCHECK');
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: service_ }));
    expect(fixture.arrived()).toEqual([]);
    const teams = [teamRef('Payments')];
    await bridge.deliver(told('Q1', 'incident.acknowledged', 1, { service: service_, teams }));
    expect(sent('Q1')).toEqual([
      [1, 'triggered', undefined, 'payments'],
      [2, 'acknowledged', undefined, 'payments'],
    ]);
  });

  it('releases more incidents than one sweep looks at once', async () => {
    const bridge = fixture.bridge();
    for (let index = 0; index < 130; index++) {
      await bridge.deliver(told(`Q${index}`, 'incident.triggered', 0, { service: at('PCHECK') }));
    }
    await fixture.push(checkout);
    await bridge.sweep();
    expect(new Set(fixture.arrived().map(({ incident }) => incident.id)).size).toBe(130);
    expect(fixture.arrived()).toHaveLength(130);
  });
});

describe('unmatched: passthrough', () => {
  it('sends the PagerDuty names as they are, and sticks to them', async () => {
    const bridge = fixture.bridge({ unmatched: 'passthrough' });
    const service_ = at('PCHECK', 'Checkout');
    const teams = [teamRef('Payments'), teamRef('Core')];
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: service_, teams }));
    await fixture.push(checkout);
    await bridge.deliver(told('Q1', 'incident.resolved', 5, { service: service_, teams }));
    expect(sent('Q1')).toEqual([
      [1, 'triggered', ['Checkout'], 'Payments'],
      [2, 'resolved', ['Checkout'], 'Payments'],
    ]);
    expect(fixture.arrived('Q1')[0]?.match).toEqual({
      rule: 'none',
      explanation: expect.stringMatching(/passthrough/),
    });
    expect(await fixture.row('Q1')).toMatchObject({ services: ['Checkout'], team: 'Payments', rule: 'none' });
    expect(bridge.deps.telemetry.count('IncidentsHeld')).toBe(0);
  });

  it('sends ids where names are missing', async () => {
    const bridge = fixture.bridge({ unmatched: 'passthrough' });
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK', null) }));
    expect(sent('Q1')).toEqual([[1, 'triggered', ['PCHECK'], undefined]]);
  });

  it('prefers a match', async () => {
    const bridge = fixture.bridge({ unmatched: 'passthrough' });
    await fixture.push(checkout);
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(sent('Q1')).toEqual([[1, 'triggered', ['checkout-api'], 'payments']]);
  });
});

describe('unmatched: drop', () => {
  it('sends nothing and records each event as skipped', async () => {
    const bridge = fixture.bridge({ unmatched: 'drop' });
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await bridge.sweep();
    expect(fixture.arrived()).toEqual([]);
    expect(await deliveries('Q1')).toEqual(Array.from({ length: 3 }, () => ['skipped', 'unmatched']));
    const row = await fixture.row('Q1');
    expect(row).toMatchObject({ forwarding: 'settled', rule: 'none', last_sequence: 3 });
    expect(row).toHaveProperty('expires_at');
    expect(row).not.toHaveProperty('held_reason');
    expect(await dueMarks('Q1')).toEqual([]);
  });

  it('sends the later events of an incident whose service is mapped meanwhile', async () => {
    const bridge = fixture.bridge({ unmatched: 'drop' });
    const [triggered, acknowledged, resolved] = threeEvents('Q1', at('PCHECK'));
    if (triggered) await bridge.deliver(triggered);
    await fixture.push(checkout);
    for (const body of [acknowledged, resolved]) if (body) await bridge.deliver(body);
    expect(sent('Q1')).toEqual([
      [2, 'acknowledged', ['checkout-api'], 'payments'],
      [3, 'resolved', ['checkout-api'], 'payments'],
    ]);
    expect(await deliveries('Q1')).toEqual([
      ['skipped', 'unmatched'],
      ['delivered', undefined],
      ['delivered', undefined],
    ]);
  });
});

describe('an event that names no service', () => {
  it('waits for one that does, and goes out before it', async () => {
    const bridge = fixture.bridge();
    await fixture.push(checkout);
    await bridge.deliver(noted('Q1', 1));
    await bridge.deliver(noted('Q1', 2));
    expect(fixture.arrived()).toEqual([]);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', held_reason: 'no_service_yet' });
    // They have until the horizon; then they are let go (never-told.test.ts).
    expect(await dueMarks('Q1')).toHaveLength(2);
    expect(bridge.deps.telemetry.count('IncidentsHeld')).toBe(0);

    await bridge.deliver(told('Q1', 'incident.acknowledged', 3, { service: at('PCHECK') }));
    expect(sent('Q1')).toEqual([
      [1, 'annotated', ['checkout-api'], 'payments'],
      [2, 'annotated', ['checkout-api'], 'payments'],
      [3, 'acknowledged', ['checkout-api'], 'payments'],
    ]);
    expect(fixture.arrived('Q1').map(({ incident }) => incident.status)).toEqual([
      'triggered',
      'triggered',
      'acknowledged',
    ]);
    expect(fixture.arrived('Q1').some(({ late }) => late)).toBe(false);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled' });
  });

  it('waits whatever the configuration says of unmatched incidents', async () => {
    for (const unmatched of ['drop', 'passthrough'] as const) {
      const bridge = fixture.bridge({ unmatched });
      await bridge.deliver(noted(unmatched, 1));
      expect(await fixture.row(unmatched)).toMatchObject({ held_reason: 'no_service_yet' });
    }
  });

  it('goes on waiting when the service it then gets matches nothing', async () => {
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 1));
    await bridge.deliver(told('Q1', 'incident.acknowledged', 3, { service: at('PCHECK') }));
    expect(await fixture.row('Q1')).toMatchObject({ held_reason: 'unmatched', held_service: 'PCHECK' });
    await fixture.push(checkout);
    await bridge.sweep();
    expect(sent('Q1').map(([sequence, type]) => [sequence, type])).toEqual([
      [1, 'annotated'],
      [2, 'acknowledged'],
    ]);
  });
});

describe('a change of the configuration', () => {
  it.each([
    ['passthrough', 1],
    ['drop', 0],
  ] as const)('to %s sets free what is held', async (unmatched, count) => {
    await fixture.bridge().deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    await fixture.bridge({ unmatched }).sweep();
    expect(fixture.arrived('Q1')).toHaveLength(count);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled' });
  });
});
