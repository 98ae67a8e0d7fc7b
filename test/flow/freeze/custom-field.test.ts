import { askForRematch } from '../../../lib/flow/freeze/ask-for-rematch.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { at, createFixture, type Fixture, minute, page, told } from './fixture.ts';

let fixture: Fixture;
let bridge: TestBridge;
beforeEach(async () => {
  fixture = createFixture();
  bridge = fixture.bridge({ service_custom_field: 'catalog_service' });
  await fixture.push(service('cart-api', { team: 'shopping' }), service('search', { team: 'discovery' }));
});

const triggered = (minutes = 0) => told('Q1', 'incident.triggered', minutes, { service: at('PALL001') });
const resolved = () => told('Q1', 'incident.resolved', 30, { service: at('PALL001') });
const fieldSet = (value: string, minutes: number) =>
  webhookBody('incident.custom_field_values.updated', {
    id: `E-field-${minutes}`,
    at: minute(minutes),
    data: {
      type: 'incident_field_values',
      incident: { id: 'Q1', type: 'incident_reference' },
      custom_fields: [{ id: 'PF1', name: 'catalog_service', type: 'field_value', value }],
    },
  });
const owners = () => fixture.arrived('Q1').map(({ sequence, services }) => [sequence, services?.[0]]);

describe('a field that names the catalog service', () => {
  it('frees an incident that matches nothing, from its first event on', async () => {
    await bridge.deliver(triggered());
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held' });
    await bridge.deliver(fieldSet('Cart API', 2));
    expect(owners()).toEqual([
      [1, 'cart-api'],
      [2, 'cart-api'],
    ]);
    expect(await fixture.row('Q1')).toMatchObject({ rule: 'custom_field', team: 'shopping' });
  });

  it('does not change a match that was made, but is asked when one is made again', async () => {
    await fixture.push(
      service('cart-api', { team: 'shopping' }),
      service('everything', { team: 'ops', pagerduty: page('PALL001') }),
    );
    await bridge.deliver(triggered());
    await bridge.deliver(fieldSet('cart-api', 2));
    expect(owners()).toEqual([
      [1, 'everything'],
      [2, 'everything'],
    ]);
    await askForRematch(fixture.store, 'Q1', fixture.clock.now());
    await bridge.sweep();
    await bridge.deliver(resolved());
    expect(owners().at(-1)).toEqual([3, 'cart-api']);
  });
});
