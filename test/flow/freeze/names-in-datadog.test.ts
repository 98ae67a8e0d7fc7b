import { parseDefinitions } from '../../../lib/domain/catalog/parse-definitions.ts';
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

it('records the handle by which Datadog knows the team, and goes there under it', async () => {
  const fixture = createFixture();
  const bridge = fixture.bridge({
    destinations: [
      { name: 'dd', type: 'datadog', base_url: fixture.receiver.url, api_key: 'env:HOOK' },
      { name: 'hook', type: 'webhook', url: fixture.receiver.url },
    ],
  });
  const { definitions } = parseDefinitions(
    'service.datadog.yaml',
    [
      'schema-version: v2',
      'dd-service: checkout',
      'team: Payments Team',
      'dd-team: payments-team',
      `integrations: { pagerduty: "${page('PCHECK')}" }`,
    ].join('\n'),
  );
  await fixture.push(...definitions.map(({ entry }) => entry));
  const [triggered] = threeEvents('Q1HANDLE000001', at('PCHECK'));
  await bridge.deliver(triggered as never);
  const [posted, event] = fixture.receiver.received
    .map(({ json }) => json)
    .sort((one) => ('data' in one ? -1 : 1));
  expect(posted.data.attributes.team).toBe('payments-team');
  expect([event.team, event.match.datadog_team]).toEqual(['Payments Team', 'payments-team']);
});
