import { checkIncident, rebuildIncident } from '../../../lib/flow/freeze/rebuild-incident.ts';
import { update } from '../../../lib/store/database/request.ts';
import { incidentsOfDay, openIncidents } from '../../../lib/store/incidents/by-day.ts';
import { testConfig } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, minute, page, threeEvents, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const here = { service: at('PCHECK') };
const ofDay = async (day = minute(0).slice(0, 10)) =>
  (await incidentsOfDay(fixture.store, day)).map(({ id }) => id);
const open = async () => (await openIncidents(fixture.store)).map(({ id }) => id);

describe('the index of incidents by day', () => {
  it('has an incident among the open ones until it ends, then under the day of its end', async () => {
    const bridge = fixture.bridge();
    const seen: unknown[] = [];
    for (const body of threeEvents('Q1', at('PCHECK'))) {
      await bridge.deliver(body);
      seen.push(await open());
    }
    expect(seen).toEqual([['Q1'], ['Q1'], []]);
    expect([await open(), await ofDay()]).toEqual([[], ['Q1']]);
    await bridge.deliver(told('Q1', 'incident.reopened', 9, here));
    expect([await open(), await ofDay()]).toEqual([['Q1'], []]);
  });

  it('carries what numbers are made of, attributed', async () => {
    const bridge = fixture.bridge();
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    const [found] = await incidentsOfDay(fixture.store, minute(0).slice(0, 10));
    const row = await fixture.row('Q1');
    expect(found?.facts).toMatchObject({
      services: ['checkout-api'],
      team: 'payments',
      started_at: minute(0),
      finished_at: row['finished_at'],
      time_to_restore_seconds: row['time_to_restore_seconds'],
    });
  });

  it('knows nothing of what has no beginning: a note on an incident that nobody has told of', async () => {
    await fixture.bridge().deliver(told('Q1', 'incident.annotated', 1, here));
    expect([await open(), await ofDay()]).toEqual([[], []]);
  });
});

describe('a row written before there was the index', () => {
  const asBefore = (id: string) =>
    update(fixture.store, 'incidents', { incident_id: id }, { remove: ['day', 'at', 'facts'] });

  it.each([
    ['its log', false],
    ['itself, when its log has expired', true],
  ])('gets its day by a rebuild from %s', async (_what, expired) => {
    const bridge = fixture.bridge({ retention_days: 30 });
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await asBefore('Q1');
    if (expired) {
      fixture.clock.advance(40 * 86_400_000);
      fixture.expire();
      expect(await fixture.rowsOf('events', 'Q1')).toEqual([]);
    }
    expect(await ofDay()).toEqual([]);
    const { outcome } = await rebuildIncident(fixture.store, testConfig, 'Q1', 'me', fixture.clock.now());
    expect(outcome).toBe('rebuilt');
    expect(await ofDay()).toEqual(['Q1']);
    const again = await checkIncident(fixture.store, testConfig, 'Q1', fixture.clock.now());
    expect(again.outcome).toBe(expired ? 'no_log' : 'same');
  });
});
