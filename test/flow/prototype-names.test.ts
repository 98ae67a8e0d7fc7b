import { listCatalog } from '../../lib/store/catalog/list.ts';
import { pushCatalog } from '../../lib/store/catalog/push.ts';
import { service } from '../support/catalog-entries.ts';
import { prototypeNames } from '../support/prototype-names.ts';
import { webhookBody } from '../support/webhooks.ts';
import { createFixture, type Fixture, minute, page, told } from './freeze/fixture.ts';

/** Names in these tests come from outside: PagerDuty's users, its future event types, a catalog, a configuration. */
let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});

const at = (id: string, name: string) => ({
  id,
  type: 'service_reference',
  summary: name,
  html_url: `https://acme.pagerduty.com/services/${id}`,
});

describe.each(prototypeNames)('the name %j', (name) => {
  it('is a custom field, a key in its value, a priority, a service, a team and an event type like any other', async () => {
    const bridge = fixture.bridge({ severity: { P1: 'SEV-1' }, env_custom_field: name });
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    const field = (value: unknown) => ({ id: 'PF', name, type: 'field_value', value });
    await bridge.deliver(
      told('Q1', 'incident.triggered', 0, {
        service: at('PCHECK', name),
        title: name,
        priority: { id: 'PP', summary: name },
        teams: [{ id: 'PT', summary: name }],
        custom_fields: [field({ [name]: name })],
      }),
    );
    await bridge.deliver(
      webhookBody('incident.custom_field_values.updated', {
        id: 'E2',
        at: minute(1),
        data: { incident: { id: 'Q1', type: 'incident_reference' }, custom_fields: [field(name)] },
      }),
    );
    await bridge.deliver({ ...told('Q1', name, 2, { service: at('PCHECK', name) }) });
    await bridge.deliver(told('Q1', 'incident.resolved', 3, { service: at('PCHECK', name) }));
    await bridge.sweep();
    const arrived = fixture.arrived('Q1');
    expect(arrived.at(-1)).toMatchObject({ type: 'incident.resolved', services: ['checkout-api'] });
    expect(arrived[0]?.severity).toBe(name);
    expect(arrived.at(-1)?.incident.custom_fields).toEqual(name === '__proto__' ? {} : { [name]: name });
    expect(await fixture.row('Q1')).toMatchObject({ status: 'resolved', forwarding: 'settled' });
    expect(bridge.deps.telemetry.count('ProcessingFailed')).toBe(0);
  });

  it('is the name of a catalog source, or is refused with a reason', async () => {
    const random = { token: () => `push-${name}`, unit: () => 0.5 };
    const push = (entries: ReturnType<typeof service>[]) =>
      pushCatalog({ store: fixture.store, clock: fixture.clock, random }, { source: name, entries });
    if (name === '__proto__') {
      await expect(push([service('a')])).rejects.toMatchObject({ code: 'catalog_source_name' });
      return;
    }
    await push([service(name, { team: name })]);
    const { sources } = await listCatalog(fixture.store);
    expect(sources).toMatchObject([{ source: name, entries: [{ name, team: name }] }]);
    expect(sources[0]?.pushedAt).toMatch(/^\d{4}-/);
  });
});
