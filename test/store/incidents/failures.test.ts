import { readFailure } from '../../../lib/store/incidents/failures.ts';
import { at, createFixture, type Fixture, page, told } from '../../flow/freeze/fixture.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { deliverReport, finished, report, started, withdraw } from '../../support/reports.ts';

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

describe('the failures that the DORA API shows', () => {
  it('are found by the id they were given, with all that is known of them', async () => {
    await deliverReport(
      bridge,
      report({
        external_id: 'Störung 42',
        name: 'Baskets stay empty',
        severity: 'SEV-2',
        version: '1.4.2',
        commit_sha: 'f00dfeed',
        repository_id: 'github.com/acme/checkout',
        repository_url: 'https://github.com/acme/checkout',
        finished_at: finished,
        custom_tags: ['region:eu'],
      }),
    );
    expect(await readFailure(fixture.store, 'Störung 42')).toEqual({
      id: 'Störung 42',
      source: 'dora_api',
      services: ['checkout-api'],
      team: 'payments',
      env: 'live',
      name: 'Baskets stay empty',
      severity: 'SEV-2',
      version: '1.4.2',
      commit_sha: 'f00dfeed',
      repository_id: 'github.com/acme/checkout',
      repository_url: 'https://github.com/acme/checkout',
      started_at: started,
      finished_at: finished,
      time_to_restore_seconds: 1945,
      custom_tags: ['region:eu'],
    });
  });

  it('are found by the id they were answered with', async () => {
    const key = await deliverReport(bridge, report());
    expect(await readFailure(fixture.store, key.slice('dora:'.length))).toMatchObject({
      started_at: started,
    });
  });

  it('include PagerDuty’s, under the id these have at Datadog', async () => {
    await bridge.deliver(told('Q1', 'incident.triggered', 0, { service: at('PCHECK') }));
    const failure = { id: 'pagerduty:Q1', source: 'pagerduty', services: ['checkout-api'] };
    expect(await readFailure(fixture.store, 'pagerduty:Q1')).toMatchObject(failure);
    expect(await readFailure(fixture.store, 'Q1')).toBeUndefined();
  });

  it('do not include what was taken back', async () => {
    const key = await deliverReport(bridge, report());
    const id = key.slice('dora:'.length);
    await withdraw(bridge, id);
    expect(await readFailure(fixture.store, id)).toBeUndefined();
  });
});
