import { markEventDue, readLog } from '../../../lib/store/events/events.ts';
import { requestRematch } from '../../../lib/store/incidents/incidents.ts';
import { service, team } from '../../support/catalog-entries.ts';
import { asPushedBefore } from '../../support/older-push.ts';
import { at, createFixture, type Fixture, teamRef, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});

const here = at('PCHECK', 'Checkout API');
const triggered = (teams: object[] = []) => told('Q1', 'incident.triggered', 0, { service: here, teams });
const resolved = (teams: object[] = []) => told('Q1', 'incident.resolved', 30, { service: here, teams });
const checkout = service('checkout-api', { team: 'payments' });

describe('a name that is spelled a little otherwise', () => {
  it('matches, and the mapping row says by which layer', async () => {
    await fixture.push(checkout);
    await fixture.bridge().deliver(triggered());
    expect(await fixture.row('Q1')).toMatchObject({ rule: 'service_name', services: ['checkout-api'] });
    const { trace } = (await fixture.mapping('PCHECK')) as { trace: object[] };
    expect(trace).toContainEqual(
      expect.objectContaining({ rule: 'service_name', decided: true, layer: 'folded' }),
    );
  });

  it('sets held incidents free when the configuration begins to allow it', async () => {
    await fixture.push(checkout);
    await fixture.bridge({ names: 'exact' }).deliver(triggered());
    await fixture.bridge({ names: 'exact' }).sweep();
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', held_reason: 'unmatched' });
    await fixture.bridge({ names: 'folded' }).sweep();
    expect(fixture.arrived('Q1').map(({ services }) => services)).toEqual([['checkout-api']]);
  });

  it('sets them free when another list of words does', async () => {
    await fixture.push(service('checkout', { team: 'payments' }));
    await fixture.bridge({ names: 'loose' }).deliver(triggered());
    await fixture.bridge({ names: 'loose' }).sweep();
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held' });
    await fixture.bridge({ names: 'loose', loose_words: ['api'] }).sweep();
    expect(fixture.arrived('Q1').map(({ services }) => services)).toEqual([['checkout']]);
  });

  it('sets them free when what an older version pushed is pushed once more', async () => {
    await fixture.push(checkout);
    await asPushedBefore(fixture.store, 'default');
    const bridge = fixture.bridge();
    await bridge.deliver(triggered());
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held' });
    await fixture.push(checkout);
    await bridge.sweep();
    expect(fixture.arrived('Q1').map(({ services }) => services)).toEqual([['checkout-api']]);
  });

  it('displaces no match an incident has, not even when a person asks for a new one', async () => {
    await fixture.push(team('search'));
    const bridge = fixture.bridge({ names: 'exact' });
    await bridge.deliver(triggered([teamRef('search')]));
    await fixture.push(team('search'), checkout);
    const after = fixture.bridge({ names: 'loose' });
    await after.deliver(resolved([teamRef('search')]));
    expect(fixture.arrived('Q1').map((event) => event.team)).toEqual(['search', 'search']);
    await requestRematch(fixture.store, 'Q1');
    const last = (await readLog(fixture.store, 'Q1')).at(-1);
    await markEventDue(fixture.store, { incidentId: 'Q1', logKey: last?.logKey ?? '' }, fixture.clock.now());
    await after.sweep();
    expect(await fixture.row('Q1')).toMatchObject({ rule: 'team_name', team: 'search', services: [] });
  });
});
