import { askForRematch } from '../../../lib/flow/freeze/ask-for-rematch.ts';
import { checkIncident } from '../../../lib/flow/freeze/rebuild-incident.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, noted, page, told } from './fixture.ts';

const hour = 3_600_000;
let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});

const events = () => fixture.rowsOf('events', 'Q1');

describe.each(['hold', 'passthrough', 'drop'] as const)(
  'an incident of which only a note was seen (%s)',
  (unmatched) => {
    it('has no status and no times, and is not counted among the unmatched', async () => {
      const bridge = fixture.bridge({ unmatched });
      await bridge.deliver(noted('Q1', 50));
      const row = await fixture.row('Q1');
      expect(row).toMatchObject({ forwarding: 'held', held_reason: 'no_service_yet', event_count: 1 });
      for (const name of ['status', 'started_at', 'acknowledged_at', 'finished_at']) {
        expect(row).not.toHaveProperty(name);
      }
      expect(bridge.deps.telemetry.count('IncidentsHeld')).toBe(0);
    });

    it('is let go by itself with a reason of its own, once the retry horizon is over', async () => {
      const bridge = fixture.bridge({ unmatched });
      await bridge.deliver(noted('Q1', 50));
      fixture.clock.advance(167 * hour);
      await bridge.sweep();
      expect(await fixture.row('Q1')).toMatchObject({ held_reason: 'no_service_yet' });
      fixture.clock.advance(1.1 * hour);
      await bridge.sweep();
      const row = await fixture.row('Q1');
      expect(row).toMatchObject({ forwarding: 'settled', reason: 'never_told' });
      expect(row).toHaveProperty('expires_at');
      expect(row).not.toHaveProperty('held_reason');
      const [event] = await events();
      expect(event).toMatchObject({ outcome: 'skipped: never_told' });
      expect(event).toHaveProperty('expires_at');
      expect(event).not.toHaveProperty('due_at');
      expect(bridge.deps.telemetry.count('ProcessingFailed')).toBe(0);
    });
  },
);

describe('an incident of which only notes were seen', () => {
  it('waits for the last of them', async () => {
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 50));
    fixture.clock.advance(100 * hour);
    await bridge.deliver(noted('Q1', 55));
    fixture.clock.advance(100 * hour);
    await bridge.sweep();
    expect(await fixture.row('Q1')).toMatchObject({ held_reason: 'no_service_yet' });
    fixture.clock.advance(69 * hour);
    await bridge.sweep();
    expect(await fixture.row('Q1')).toMatchObject({ reason: 'never_told' });
    expect((await events()).map((event) => event['outcome'])).toEqual([
      'skipped: never_told',
      'skipped: never_told',
    ]);
  });

  it('goes out with its notes as soon as an event names its service', async () => {
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 50));
    await bridge.deliver(told('Q1', 'incident.resolved', 55, { service: at('PCHECK') }));
    expect(fixture.arrived('Q1').map(({ type }) => type)).toEqual([
      'incident.annotated',
      'incident.resolved',
    ]);
    const [note] = fixture.arrived('Q1');
    // What nobody has told is marked: it may have been over for long.
    expect(note?.incident.inferred).toContain('status');
    for (const event of await events()) expect(event).not.toHaveProperty('due_at');
    fixture.clock.advance(200 * hour);
    await bridge.sweep();
    expect(await fixture.row('Q1')).not.toHaveProperty('reason');
    expect(fixture.arrived('Q1')).toHaveLength(2);
  });

  it('and is told as itself when that happens after it was let go', async () => {
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 50));
    fixture.clock.advance(170 * hour);
    await bridge.sweep();
    await bridge.deliver(told('Q1', 'incident.reopened', 55, { service: at('PCHECK') }));
    expect(fixture.arrived('Q1').map(({ type }) => type)).toEqual(['incident.reopened']);
    const row = await fixture.row('Q1');
    expect(row).toMatchObject({ status: 'triggered', forwarding: 'settled' });
    expect(row).not.toHaveProperty('reason');
  });

  it('and is not said to be let go any more, when it is told in the end with an incident that was held', async () => {
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 50));
    fixture.clock.advance(170 * hour);
    await bridge.sweep();
    await bridge.deliver(told('Q1', 'incident.reopened', 55, { service: at('PCHECK') }));
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    fixture.clock.advance(60_000);
    await bridge.sweep();
    expect(fixture.arrived('Q1')).toHaveLength(2);
    for (const event of await events()) expect(event).not.toHaveProperty('outcome');
  });

  it('has nothing to be matched again, and no row that differs from its log', async () => {
    const bridge = fixture.bridge();
    await bridge.deliver(noted('Q1', 50));
    expect(await askForRematch(fixture.store, 'Q1', fixture.clock.now())).toBe(false);
    await bridge.sweep();
    const checked = await checkIncident(fixture.store, bridge.deps.config, 'Q1', fixture.clock.now());
    expect(checked).toEqual({ outcome: 'same' });
  });
});
