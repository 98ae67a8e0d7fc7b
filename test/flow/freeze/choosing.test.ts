import type { DestinationConfig } from '../../../lib/adapters/destinations/destination-config.ts';
import { oweAlso } from '../../../lib/flow/deliver/owe-again.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, page, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const destination = (more: Partial<DestinationConfig> = {}): DestinationConfig => ({
  name: 'hook',
  type: 'webhook',
  url: fixture.receiver.url,
  ...more,
});
const choosy = (only: DestinationConfig['only'], more: Partial<DestinationConfig> = {}): TestBridge =>
  fixture.bridge({ destinations: [destination({ only, ...more })] });
const priority = (name: string | null) => ({
  service: at('PCHECK'),
  priority: name === null ? null : { id: `PRIO${name}`, type: 'priority_reference', summary: name },
});
const triggered = (name: string | null) => told('Q1', 'incident.triggered', 0, priority(name));
const changed = (name: string | null) => told('Q1', 'incident.priority_updated', 5, priority(name));
const resolved = (name: string | null) => told('Q1', 'incident.resolved', 9, priority(name));
const arrived = () => fixture.arrived('Q1').map(({ sequence, type }) => `${sequence} ${type.slice(9)}`);
const outcomes = (rows: Row[]) => rows.map((row) => [row['status'], row['reason']]);

describe('a destination with `only`', () => {
  it('hears nothing of an incident it does not want, and the rows say why', async () => {
    const bridge = choosy({ priorities: ['P1'] });
    for (const event of [triggered('P3'), changed('P2'), resolved('P2')]) await bridge.deliver(event);
    expect(arrived()).toEqual([]);
    const rows = await fixture.rowsOf('deliveries', 'Q1');
    expect(outcomes(rows)).toEqual(Array(3).fill(['skipped', 'filtered']));
    expect(rows).toMatchObject(Array(3).fill({ left_out: true, attempts: 0 }));
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled', left_out_by: ['hook'] });
    expect(bridge.deps.telemetry.count('DeliveriesSkipped')).toBe(3);
  });

  it('hears of the end of an incident it wanted, whatever its priority has become', async () => {
    const bridge = choosy({ priorities: ['P1'] });
    for (const event of [triggered('P1'), changed('P4'), resolved(null)]) await bridge.deliver(event);
    expect(arrived()).toEqual(['1 triggered', '2 priority_updated', '3 resolved']);
  });

  it('gets what was left out when the priority is raised: in sequence, with its ids and its true start', async () => {
    const bridge = choosy({ priorities: ['p1'] });
    await bridge.deliver(triggered('P3'));
    const [left] = await fixture.rowsOf('outgoing', 'Q1');
    expect(arrived()).toEqual([]);
    await bridge.deliver(changed('P1'));
    await bridge.deliver(resolved('P4'));
    expect(arrived()).toEqual(['1 triggered', '2 priority_updated', '3 resolved']);
    expect(fixture.arrived('Q1')[0]).toEqual(left?.['incident_event']);
    expect(outcomes(await fixture.rowsOf('deliveries', 'Q1'))).toEqual(
      Array(3).fill(['delivered', undefined]),
    );
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled', destinations: ['hook'] });
    expect(await fixture.row('Q1')).not.toHaveProperty('left_out_by');
  });

  it('gets an incident as soon as a person has had a hand in it', async () => {
    const bridge = choosy({ person: true });
    const monitoring = { id: 'PINT', type: 'inbound_integration_reference', summary: 'Monitoring' };
    const begun = triggered('P1');
    await bridge.deliver({ event: { ...begun.event, agent: monitoring } });
    expect(arrived()).toEqual([]);
    await bridge.deliver(told('Q1', 'incident.acknowledged', 3, priority('P1')));
    const ended = resolved('P1');
    await bridge.deliver({ event: { ...ended.event, agent: monitoring } });
    expect(arrived()).toEqual(['1 triggered', '2 acknowledged', '3 resolved']);
    expect(await fixture.row('Q1')).toMatchObject({ person_involved: true });
  });

  it('keeps its own filter of event types for what it wants', async () => {
    const bridge = choosy({ priorities: ['P1'] }, { events: ['incident.triggered', 'incident.resolved'] });
    for (const event of [triggered('P3'), changed('P1'), resolved('P1')]) await bridge.deliver(event);
    expect(arrived()).toEqual(['1 triggered', '3 resolved']);
  });

  it('leaves other destinations alone', async () => {
    const bridge = fixture.bridge({
      destinations: [destination({ name: 'all' }), destination({ only: { teams: ['search'] } })],
    });
    await bridge.deliver(triggered('P1'));
    const rows = await fixture.rowsOf('deliveries', 'Q1');
    expect(rows.map(({ destination, status }) => [destination, status])).toEqual([
      ['all', 'delivered'],
      ['hook', 'skipped'],
    ]);
  });

  it('gets what was left out also when a worker dies between freezing and writing the rows', async () => {
    for (let dies = 1; dies < 25; dies++) {
      fixture = createFixture();
      await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
      await choosy({ priorities: ['P1'] }).deliver(triggered('P3'));
      let writes = 0;
      const { db } = fixture.store;
      const dying = fixture.bridge(
        { destinations: [destination({ only: { priorities: ['P1'] } })] },
        {
          send: async (command) => {
            if (!/Get|Query|Scan/.test(command.constructor.name) && ++writes > dies)
              throw new Error('this worker is dead');
            return db.send(command);
          },
        },
      );
      await dying.deliver(changed('P1')).catch(() => {});
      const next = choosy({ priorities: ['P1'] });
      for (let round = 0; round < 4; round++) {
        fixture.clock.advance(120_000);
        await next.sweep();
      }
      if (writes > 0 && (await fixture.rowsOf('events', 'Q1')).length === 2)
        expect([dies, [...new Set(arrived())]]).toEqual([dies, ['1 triggered', '2 priority_updated']]);
    }
  });

  it('is owed history only of incidents it wants, and then their ends too', async () => {
    const plain = fixture.bridge({ destinations: [destination({ name: 'all' })] });
    for (const id of ['Q1', 'Q2']) {
      const name = id === 'Q1' ? 'P1' : 'P3';
      await plain.deliver(told(id, 'incident.triggered', 0, priority(name)));
    }
    const both = fixture.bridge({
      destinations: [destination({ name: 'all' }), destination({ only: { priorities: ['P1'] } })],
    });
    for (const id of ['Q1', 'Q2'])
      await both.deliver(told(id, 'incident.priority_updated', 5, priority('P3')));
    const owe = (incidentId: string) => oweAlso(both.deps, { incidentId, sequence: 1, destination: 'hook' });
    expect([await owe('Q1'), await owe('Q2')]).toEqual(['owed', 'left_out']);
    await both.sweep();
    for (const id of ['Q1', 'Q2']) await both.deliver(told(id, 'incident.resolved', 9, priority('P3')));
    const lane = async (id: string) =>
      (await fixture.rowsOf('deliveries', id))
        .filter((row) => row['destination'] === 'hook')
        .map((row) => `${row['sequence']} ${row['status']}`);
    expect(await lane('Q1')).toEqual(['1 delivered', '2 delivered', '3 delivered']);
    expect(await lane('Q2')).toEqual(['2 skipped', '3 skipped']);
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'settled' });
  });
});

describe('`counts`', () => {
  it('holds at a destination that is told of failures beside its own choice', async () => {
    const bridge = choosy({ envs: ['prod'] }, { counts: { priorities: ['P1'] } });
    await bridge.deliver(triggered('P1'));
    expect(outcomes(await fixture.rowsOf('deliveries', 'Q1'))).toEqual([['skipped', 'filtered']]);
  });
});
