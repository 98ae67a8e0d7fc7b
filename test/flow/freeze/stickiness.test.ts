import { markEventDue, readLog } from '../../../lib/store/events/events.ts';
import { requestRematch } from '../../../lib/store/incidents/incidents.ts';
import { pinService } from '../../../lib/store/mappings/mappings.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, minute, page, told } from './fixture.ts';

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(() => {
  fixture = createFixture();
  bridge = fixture.bridge();
});

const checkout = (team: string) => service('checkout-api', { team, pagerduty: page('PCHECK') });
const search = (team: string) => service('search', { team, pagerduty: page('PSEARCH') });
const identities = () =>
  fixture.arrived('Q1').map(({ type, services, team }) => [type.slice('incident.'.length), services, team]);
const triggered = (service: object) => told('Q1', 'incident.triggered', 0, { service });
const acknowledged = (service: object) => told('Q1', 'incident.acknowledged', 2, { service });
const resolved = (service: object) => told('Q1', 'incident.resolved', 90, { service });
const moved = (minutes: number, service: object) =>
  told('Q1', 'incident.service_updated', minutes, { service });

async function rematch(): Promise<void> {
  expect(await requestRematch(fixture.store, 'Q1')).toBe(true);
  await carryOut();
}

async function carryOut(): Promise<void> {
  const last = (await readLog(fixture.store, 'Q1')).at(-1);
  await markEventDue(fixture.store, { incidentId: 'Q1', logKey: last?.logKey ?? '' }, fixture.clock.now());
  await bridge.sweep();
}

describe('a matched incident', () => {
  it('keeps its match when the catalog changes, so its end belongs to whom its start belonged', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(triggered(at('PCHECK')));
    await fixture.push(checkout('platform'));
    await bridge.sweep();
    await bridge.deliver(resolved(at('PCHECK')));
    expect(identities()).toEqual([
      ['triggered', ['checkout-api'], 'payments'],
      ['resolved', ['checkout-api'], 'payments'],
    ]);
    expect(await fixture.row('Q1')).toMatchObject({ team: 'payments', matches: [{ stay: 'PCHECK#1' }] });
  });

  it('keeps it also when the service is gone from the catalog, or pinned to another one', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(triggered(at('PCHECK')));
    await fixture.push();
    await bridge.deliver(acknowledged(at('PCHECK')));
    await pinService(fixture.store, 'PCHECK', { services: [], team: 'core' });
    await bridge.deliver(resolved(at('PCHECK')));
    expect(identities().map(([, , team]) => team)).toEqual(['payments', 'payments', 'payments']);
  });

  it('gives the new match to the incident that starts next', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(triggered(at('PCHECK')));
    await fixture.push(checkout('platform'));
    await bridge.deliver(told('Q2', 'incident.triggered', 3, { service: at('PCHECK') }));
    expect(fixture.arrived('Q2')).toMatchObject([{ team: 'platform' }]);
    expect(await fixture.mapping('PCHECK')).toMatchObject({ team: 'platform', last_incident_id: 'Q2' });
  });

  it('shows the last incident on the mapping row, also when an older one is judged after it', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(told('QNEWER', 'incident.triggered', 90, { service: at('PCHECK') }));
    await bridge.deliver(told('QOLDER', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(await fixture.mapping('PCHECK')).toMatchObject({
      last_incident_id: 'QNEWER',
      last_incident_at: minute(90),
    });
    await bridge.deliver(told('QNEWEST', 'incident.triggered', 95, { service: at('PCHECK') }));
    expect(await fixture.mapping('PCHECK')).toMatchObject({ last_incident_id: 'QNEWEST' });
  });

  it('is matched again when PagerDuty moves it to another service', async () => {
    await fixture.push(checkout('payments'), search('discovery'));
    await bridge.deliver(triggered(at('PCHECK')));
    await bridge.deliver(moved(20, at('PSEARCH')));
    await bridge.deliver(resolved(at('PSEARCH')));
    expect(identities()).toEqual([
      ['triggered', ['checkout-api'], 'payments'],
      ['service_updated', ['search'], 'discovery'],
      ['resolved', ['search'], 'discovery'],
    ]);
    expect((await fixture.row('Q1'))['matches']).toMatchObject([{ stay: 'PCHECK#1' }, { stay: 'PSEARCH#1' }]);
  });

  it('is matched anew when it comes back to a service it was at before', async () => {
    await fixture.push(checkout('payments'), search('discovery'));
    await bridge.deliver(triggered(at('PCHECK')));
    await bridge.deliver(moved(20, at('PSEARCH')));
    await fixture.push(checkout('platform'), search('discovery'));
    await bridge.deliver(moved(40, at('PCHECK')));
    await bridge.deliver(resolved(at('PCHECK')));
    expect(identities()).toEqual([
      ['triggered', ['checkout-api'], 'payments'],
      ['service_updated', ['search'], 'discovery'],
      ['service_updated', ['checkout-api'], 'platform'],
      ['resolved', ['checkout-api'], 'platform'],
    ]);
    const { matches } = await fixture.row('Q1');
    expect(matches).toMatchObject([{ stay: 'PCHECK#1' }, { stay: 'PSEARCH#1' }, { stay: 'PCHECK#2' }]);
  });

  it('gives an event that comes late the match of where the incident is now', async () => {
    await fixture.push(checkout('payments'), search('discovery'));
    await bridge.deliver(triggered(at('PCHECK')));
    await bridge.deliver(moved(20, at('PSEARCH')));
    await bridge.deliver(acknowledged(at('PCHECK')));
    expect(fixture.arrived('Q1').at(-1)).toMatchObject({
      type: 'incident.acknowledged',
      late: true,
      team: 'discovery',
      pagerduty: { service: { id: 'PSEARCH' } },
    });
  });
});

describe('an incident that is moved on from a service nobody has mapped', () => {
  it('is held there, and goes out in whole under the service that matches, saying why', async () => {
    await fixture.push(search('discovery'));
    await bridge.deliver(triggered(at('PCATCH', 'Catch-all')));
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', held_service: 'PCATCH' });
    await bridge.deliver(moved(20, at('PSEARCH')));
    expect(identities()).toEqual([
      ['triggered', ['search'], 'discovery'],
      ['service_updated', ['search'], 'discovery'],
    ]);
    const [first] = fixture.arrived('Q1');
    expect(first?.match.explanation).toMatch(/moved here from "Catch-all", which matches nothing/);
    expect(first?.pagerduty?.service.id).toBe('PCATCH');
    const row = await fixture.row('Q1');
    expect(row).toMatchObject({ forwarding: 'settled', team: 'discovery' });
    expect(row).not.toHaveProperty('held_service');
  });

  it('stays held when the next service matches nothing either, and then follows that one', async () => {
    await bridge.deliver(triggered(at('PCATCH', 'Catch-all')));
    await bridge.deliver(moved(20, at('PSEARCH')));
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', held_service: 'PSEARCH' });
    await fixture.push(search('discovery'));
    await bridge.sweep();
    expect(identities().map(([type, , team]) => [type, team])).toEqual([
      ['triggered', 'discovery'],
      ['service_updated', 'discovery'],
    ]);
  });
});

describe('a new match asked for by a person', () => {
  it('is what the row shows and what later events carry; what was sent stays as it was sent', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(triggered(at('PCHECK')));
    await fixture.push(checkout('platform'));
    await rematch();
    expect(await fixture.row('Q1')).toMatchObject({ services: ['checkout-api'], team: 'platform' });
    expect(await fixture.row('Q1')).not.toHaveProperty('rematch_requested');
    await bridge.deliver(resolved(at('PCHECK')));
    expect(identities().map(([, , team]) => team)).toEqual(['payments', 'platform']);
    expect(await fixture.row('Q1')).toMatchObject({ last_sequence: 2, forwarding: 'settled' });
  });

  it('changes only the service the incident is at now', async () => {
    await fixture.push(checkout('payments'), search('discovery'));
    await bridge.deliver(triggered(at('PCHECK')));
    await bridge.deliver(moved(20, at('PSEARCH')));
    await fixture.push(checkout('other'), search('other'));
    await rematch();
    expect((await fixture.row('Q1'))['matches']).toMatchObject([
      { stay: 'PCHECK#1', team: 'payments' },
      { stay: 'PSEARCH#1', team: 'other' },
    ]);
  });

  it('is not forgotten when it comes while a worker has the incident', async () => {
    await fixture.push(checkout('payments'));
    await bridge.deliver(triggered(at('PCHECK')));
    await fixture.push(checkout('platform'));
    let asked = false;
    const meddled = fixture.bridge(
      {},
      {
        send: async (command) => {
          const answer = await fixture.store.db.send(command);
          // Right after the worker has taken the lease and read the row.
          if (!asked && command.input.ExpressionAttributeNames?.['#lease_owner']) {
            asked = true;
            await requestRematch(fixture.store, 'Q1');
          }
          return answer;
        },
      },
    );
    await meddled.deliver(acknowledged(at('PCHECK')));
    await carryOut();
    expect(await fixture.row('Q1')).toMatchObject({ team: 'platform' });
  });
});
