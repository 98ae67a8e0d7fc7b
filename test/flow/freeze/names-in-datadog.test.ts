import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, page, threeEvents } from './fixture.ts';

it('records what Datadog calls the service, for the incident’s whole stay, beside its name', async () => {
  const fixture = createFixture();
  const bridge = fixture.bridge();
  const called = (datadogName: string) =>
    service('checkout', {
      format: 'backstage',
      team: 'payments',
      pagerduty: page('PCHECK'),
      aliases: [datadogName],
      datadogName,
    });
  await fixture.push(called('checkout-svc'));
  const [triggered, ...later] = threeEvents('Q1', at('PCHECK'));
  await bridge.deliver(triggered as never);
  await fixture.push(called('renamed'));
  for (const body of later) await bridge.deliver(body);
  const arrived = fixture.arrived('Q1');
  expect(arrived).toHaveLength(3);
  for (const { services, match } of arrived) {
    expect([services, match.datadog_services]).toEqual([['checkout'], ['checkout-svc']]);
  }
});
