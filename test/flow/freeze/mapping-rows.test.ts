import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { eachMapping } from '../../../lib/store/mappings/list.ts';
import { pinService, unpinService } from '../../../lib/store/mappings/mappings.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service, team } from '../../support/catalog-entries.ts';
import {
  at,
  createFixture,
  type Fixture,
  minute,
  page,
  renamed,
  serviceEvent,
  teamRef,
  threeEvents,
  told,
} from './fixture.ts';

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(() => {
  fixture = createFixture();
  bridge = fixture.bridge();
});

const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });
const sent = () => fixture.arrived('Q1').map(({ type }) => type.slice('incident.'.length));

/** What somebody types into the row in the DynamoDB console. */
async function type(id: string, attributes: Record<string, unknown>): Promise<void> {
  const names = Object.keys(attributes);
  await fixture.store.db.send(
    new UpdateItemCommand({
      TableName: fixture.store.table('mappings'),
      Key: { pagerduty_service_id: { S: id } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
      ),
    }),
  );
}

describe('service events', () => {
  it('show a service before its first incident, with what it matches and why', async () => {
    await fixture.push(checkout);
    await bridge.deliver(serviceEvent('service.created', 'PCHECK', 'Checkout', 0));
    await bridge.deliver(serviceEvent('service.created', 'PNEW', 'Newcomer', 0));
    expect(await fixture.mapping('PCHECK')).toMatchObject({
      pagerduty_service_name: 'Checkout',
      pagerduty_service_url: 'https://acme.pagerduty.com/services/PCHECK',
      pagerduty_teams: [],
      rule: 'service_url',
      services: ['checkout-api'],
      team: 'payments',
      explanation: expect.stringMatching(/is configured on catalog service "checkout-api"/),
    });
    const unmapped = await fixture.mapping('PNEW');
    expect(unmapped).toMatchObject({
      rule: 'none',
      services: [],
      explanation: expect.stringMatching(/^No rule found/),
    });
    expect(unmapped).not.toHaveProperty('held');
    expect((unmapped['trace'] as { reason: string }[]).map(({ reason }) => reason)).toHaveLength(4);
    expect(fixture.arrived()).toEqual([]);
  });

  it('show a deleted service as deleted, which is no to-do', async () => {
    const todo = async () => {
      const ids: unknown[] = [];
      for await (const row of eachMapping(fixture.store, { unmatched: true }))
        ids.push(row['pagerduty_service_id']);
      return ids;
    };
    await bridge.deliver(serviceEvent('service.created', 'PGONE', 'Gone', 0));
    expect(await todo()).toEqual(['PGONE']);
    await bridge.deliver(serviceEvent('service.deleted', 'PGONE', 'Gone', 5));
    expect(await todo()).toEqual([]);
    expect(await fixture.mapping('PGONE')).toMatchObject({ deleted: true });
  });

  it('are settled in the log without going out', async () => {
    await bridge.deliver(serviceEvent('service.created', 'PNEW', 'Newcomer', 0));
    const [event] = await fixture.rowsOf('events', 'service:PNEW');
    expect(event).toHaveProperty('expires_at');
    expect(event).not.toHaveProperty('due_at');
    expect(await fixture.row('service:PNEW')).toEqual({});
  });

  it('bring name and teams up to date, and an older one that comes later changes nothing', async () => {
    await bridge.deliver(
      serviceEvent('service.updated', 'PNEW', 'New name', 9, { teams: [teamRef('Core')] }),
    );
    await bridge.deliver(serviceEvent('service.created', 'PNEW', 'Old name', 1));
    expect(await fixture.mapping('PNEW')).toMatchObject({
      pagerduty_service_name: 'New name',
      pagerduty_teams: ['Core'],
      seen_at: minute(9),
    });
  });

  it('keep what they do not mention', async () => {
    await fixture.push(team('core'));
    await bridge.deliver(serviceEvent('service.created', 'PNEW', 'Named', 0, { teams: [teamRef('Core')] }));
    const unsaid = { name: null, summary: null, html_url: null, teams: undefined };
    await bridge.deliver(serviceEvent('service.updated', 'PNEW', '', 3, unsaid));
    expect(await fixture.mapping('PNEW')).toMatchObject({
      pagerduty_service_name: 'Named',
      pagerduty_service_url: 'https://acme.pagerduty.com/services/PNEW',
      pagerduty_teams: ['Core'],
      rule: 'team_name',
      team: 'core',
    });
  });

  it('mark a deleted service and keep its row', async () => {
    await bridge.deliver(serviceEvent('service.created', 'PNEW', 'Newcomer', 0));
    await bridge.deliver(serviceEvent('service.deleted', 'PNEW', 'Newcomer', 5));
    expect(await fixture.mapping('PNEW')).toMatchObject({
      deleted: true,
      pagerduty_service_name: 'Newcomer',
    });
  });

  it('let a held incident go out under the new name of its service', async () => {
    await fixture.push(service('till', { team: 'payments' }));
    for (const body of threeEvents('Q1', at('PCHECK', 'Kasse'))) await bridge.deliver(body);
    await bridge.sweep();
    expect(sent()).toEqual([]);
    await bridge.deliver(renamed('PCHECK', 'Till', 20));
    await bridge.sweep();
    expect(sent()).toEqual(['triggered', 'acknowledged', 'resolved']);
    expect(fixture.arrived('Q1')[0]).toMatchObject({ services: ['till'], match: { rule: 'service_name' } });
  });
});

describe('an event that leaves out the name of its service', () => {
  it('is matched by the name that is known', async () => {
    await fixture.push(service('till', { team: 'payments' }));
    await bridge.deliver(serviceEvent('service.created', 'PCHECK', 'Till', 0));
    await bridge.deliver(told('Q1', 'incident.triggered', 5, { service: at('PCHECK', null) }));
    expect(sent()).toEqual(['triggered']);
    expect(await fixture.mapping('PCHECK')).toMatchObject({ pagerduty_service_name: 'Till' });
  });
});

describe('a pin', () => {
  const pins: [string, Record<string, unknown>, string[] | undefined, string | undefined][] = [
    ['a list of services', { pinned_services: ['a', 'b'] }, ['a', 'b'], undefined],
    ['a string set of services', { pinned_services: new Set(['b', 'a']) }, ['a', 'b'], undefined],
    ['a single text', { pinned_services: 'a' }, ['a'], undefined],
    ['a team', { pinned_team: 'core' }, undefined, 'core'],
    ['both, with blanks around them', { pinned_services: [' a '], pinned_team: ' core ' }, ['a'], 'core'],
  ];

  it.each(pins)('typed into the row as %s sets free what is held', async (_, attributes, services, owner) => {
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await type('PCHECK', attributes);
    await bridge.sweep();
    await bridge.sweep();
    expect(sent()).toEqual(['triggered', 'acknowledged', 'resolved']);
    expect(fixture.arrived('Q1')[2]).toMatchObject({ match: { rule: 'pinned' } });
    expect([fixture.arrived('Q1')[2]?.services, fixture.arrived('Q1')[2]?.team]).toEqual([services, owner]);
  });

  it('typed for a service that has not been seen yet decides its first incident', async () => {
    await type('PCHECK', { pinned_team: 'core' });
    await fixture.push(checkout);
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(fixture.arrived('Q1')).toMatchObject([{ team: 'core', match: { rule: 'pinned' } }]);
  });

  it('that says nothing is none', async () => {
    await type('PCHECK', { pinned_services: [], pinned_team: ' ' });
    await fixture.push(checkout);
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(fixture.arrived('Q1')).toMatchObject([{ team: 'payments', match: { rule: 'service_url' } }]);
  });

  it('is never removed by anything the bridge writes', async () => {
    const pinned_services = new Set(['by-hand']);
    await type('PCHECK', { pinned_services, pinned_team: 'core', note: 'ask Ana before changing' });
    await fixture.push(checkout);
    await bridge.deliver(serviceEvent('service.created', 'PCHECK', 'Checkout', 0));
    await bridge.deliver(serviceEvent('service.updated', 'PCHECK', 'Kasse', 1));
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await bridge.deliver(serviceEvent('service.deleted', 'PCHECK', 'Kasse', 30));
    fixture.clock.advance(7_200_000);
    await bridge.sweep();
    expect(await fixture.mapping('PCHECK')).toMatchObject({
      pinned_services,
      pinned_team: 'core',
      note: 'ask Ana before changing',
      rule: 'pinned',
      deleted: true,
    });
  });

  it('taken back leaves the next incident to the rules', async () => {
    await fixture.push(checkout);
    await pinService(fixture.store, 'PCHECK', { services: [], team: 'core' });
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    await unpinService(fixture.store, 'PCHECK');
    await bridge.deliver(told('Q1', 'incident.resolved', 5, { service: at('PCHECK') }));
    await bridge.deliver(told('Q2', 'incident.triggered', 6, { service: at('PCHECK') }));
    expect(fixture.arrived().map(({ incident, team: owner }) => [incident.id, owner])).toEqual([
      ['Q1', 'core'],
      ['Q1', 'core'],
      ['Q2', 'payments'],
    ]);
  });
});

describe('two incidents of one service at the same moment', () => {
  it('leave the newer name on the row, and the held one is watched all the same', async () => {
    await fixture.push(team('core'));
    let meanwhile = false;
    const older = fixture.bridge(
      {},
      {
        send: async (command) => {
          if (!meanwhile && command.input.TableName === 'test-mappings' && command.input.UpdateExpression) {
            meanwhile = true;
            const teams = [teamRef('Core')];
            await bridge.deliver(told('Q2', 'incident.triggered', 9, { service: at('PCHECK'), teams }));
          }
          return fixture.store.db.send(command);
        },
      },
    );
    await older.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    expect(fixture.arrived('Q2')).toHaveLength(1);
    expect(await fixture.mapping('PCHECK')).toMatchObject({ team: 'core', seen_at: minute(9), held: 'held' });
    await fixture.push(checkout);
    await bridge.sweep();
    expect(sent()).toEqual(['triggered']);
  });
});

describe('a service nothing is held for any more', () => {
  it('is watched for an hour, then no longer', async () => {
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    await fixture.push(checkout);
    await bridge.sweep();
    expect(await fixture.mapping('PCHECK')).toMatchObject({ held: 'held' });
    fixture.clock.advance(3_700_000);
    await bridge.sweep();
    const mapping = await fixture.mapping('PCHECK');
    expect(mapping).not.toHaveProperty('held');
    expect(mapping).toMatchObject({ rule: 'service_url', team: 'payments' });
  });

  it('stays watched as long as something is held', async () => {
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    fixture.clock.advance(30 * 86_400_000);
    await bridge.sweep();
    expect(await fixture.mapping('PCHECK')).toMatchObject({ held: 'held' });
  });
});
