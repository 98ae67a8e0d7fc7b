import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, noted, page, threeEvents } from './fixture.ts';

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const three = threeEvents('Q1', at('PCHECK'));
const environments = () => fixture.arrived('Q1').map(({ env }) => env);

describe('the environment', () => {
  it('is what the first processed event came with, for the whole incident', async () => {
    for (const [index, body] of three.entries()) {
      await bridge.deliver(body, { dd_env: ['staging', 'prod', 'prod'][index] ?? '' });
    }
    expect(environments()).toEqual(['staging', 'staging', 'staging']);
    expect(await fixture.row('Q1')).toMatchObject({ env: 'staging', env_header: 'staging' });
  });

  it('stays unknown when the first processed event came without, whatever comes later', async () => {
    for (const [index, body] of three.entries()) {
      await bridge.deliver(body, index === 0 ? {} : { dd_env: 'prod' });
    }
    expect(environments()).toEqual([undefined, undefined, undefined]);
    expect(await fixture.row('Q1')).not.toHaveProperty('env');
  });

  it('is the header of the first one in the log when several are processed at once', async () => {
    const [triggered, , resolved] = three;
    if (resolved) await bridge.send(resolved, { dd_env: 'late' });
    if (triggered) await bridge.deliver(triggered, { dd_env: 'early' });
    expect(environments()).toEqual(['early', 'early']);
  });

  it('of a held incident is decided by its first event, not by the one that sets it free', async () => {
    await bridge.deliver(noted('Q1', 0), { dd_env: 'staging' });
    for (const body of three.slice(1)) await bridge.deliver(body, { dd_env: 'prod' });
    expect(environments()).toEqual(['staging', 'staging', 'staging']);
  });

  it('does not split an incident that two subscriptions with different headers deliver', async () => {
    for (const body of three) {
      await bridge.deliver(body, { dd_env: 'prod', 'x-webhook-subscription': 'PFIRST' });
      await bridge.deliver(body, { dd_env: 'staging', 'x-webhook-subscription': 'PSECOND' });
    }
    expect(environments()).toEqual(['prod', 'prod', 'prod']);
  });
});

describe('two subscriptions that deliver one incident', () => {
  const warnings = () =>
    bridge.deps.telemetry.lines.filter(
      ({ level, message }) => level === 'warn' && message.includes('two webhook subscriptions'),
    );

  it('are warned about once, with both ids', async () => {
    const subscriptions = ['PFIRST', 'PSECOND', 'PFIRST'];
    for (const [index, body] of three.entries()) {
      await bridge.deliver(body, { 'x-webhook-subscription': subscriptions[index] ?? '' });
    }
    expect(warnings()).toMatchObject([
      { fields: { incident_id: 'Q1', subscription_ids: ['PFIRST', 'PSECOND'] } },
    ]);
  });

  it('are nothing to warn about when each delivers its own incidents', async () => {
    for (const body of three) await bridge.deliver(body, { 'x-webhook-subscription': 'PFIRST' });
    for (const body of threeEvents('Q2', at('PCHECK')))
      await bridge.deliver(body, { 'x-webhook-subscription': 'PSECOND' });
    expect(warnings()).toEqual([]);
  });
});
