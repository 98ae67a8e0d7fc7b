import type { BridgeConfig } from '../../../lib/adapters/config/bridge-config.ts';
import { oweAlso } from '../../../lib/flow/deliver/owe-again.ts';
import { service } from '../../support/catalog-entries.ts';
import { deliverReport, report } from '../../support/reports.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { at, createFixture, type Fixture, minute, page, told } from '../freeze/fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const hook = (content?: 'full' | 'minimal'): Partial<BridgeConfig> => ({
  destinations: [
    {
      name: 'hook',
      type: 'webhook',
      url: fixture.receiver.url,
      secret: 'env:HOOK',
      ...(content && { content }),
    },
  ],
});
const bodies = () => fixture.receiver.received.map(({ body }) => body);

/** Everything in it that a person wrote, or that names one. */
const secrets = ['Card data of Jane', 'Ana Ruiz', 'Tom Okafor', 'Latency monitor', 'meet.example.com', 'VIP'];

const trigger = () =>
  told('Q1', 'incident.triggered', 0, {
    service: at('PCHECK'),
    title: 'Card data of Jane',
    assignees: [{ id: 'PTOM8KD', type: 'user_reference', summary: 'Tom Okafor' }],
    conference_bridge: { conference_number: null, conference_url: 'https://meet.example.com/x' },
  });
const thin = (type: string, minutes: number, data: object) =>
  webhookBody(`incident.${type}`, {
    id: `E-Q1-${type}`,
    at: minute(minutes),
    data: { incident: { id: 'Q1', type: 'incident_reference' }, ...data },
  });
const all = () => [
  trigger(),
  thin('annotated', 3, { content: 'Card data of Jane' }),
  thin('custom_field_values.updated', 4, { custom_fields: [{ id: 'F', name: 'customer', value: 'VIP' }] }),
];

describe('what a destination gets', () => {
  it('is everything, unless it is configured otherwise', async () => {
    const bridge = fixture.bridge(hook());
    for (const body of all()) await bridge.deliver(body);
    const text = bodies().join();
    for (const secret of secrets) expect(text).toContain(secret);
    const [row] = await fixture.rowsOf('deliveries', 'Q1');
    expect(row).toMatchObject({ content: 'full' });
  });

  it('is nothing people wrote and no person with content: minimal', async () => {
    const bridge = fixture.bridge(hook('minimal'));
    for (const body of all()) await bridge.deliver(body);
    const text = bodies().join();
    for (const secret of secrets) expect(text).not.toContain(secret);
    const events = fixture.arrived('Q1');
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({
      team: 'payments',
      services: ['checkout-api'],
      incident: {
        status: 'triggered',
        number: 2187,
        custom_fields: {},
        escalation_policy: { name: expect.any(String) },
      },
    });
    expect(bridge.deps.telemetry.lines.map((line) => JSON.stringify(line)).join()).not.toContain('Card data');
  });

  it('is neither name nor tags of what another program reports with content: minimal', async () => {
    const bridge = fixture.bridge({ ...hook('minimal'), ingest: { settle_minutes: 15 } });
    const told = { name: 'Card data of Jane', custom_tags: ['customer:VIP'], version: '1.4.2' };
    await deliverReport(bridge, report(told));
    for (const secret of secrets) expect(bodies().join()).not.toContain(secret);
    expect(fixture.arrived()[0]).toMatchObject({ team: 'payments', incident: { version: '1.4.2' } });
  });

  it('is fixed when its row is made: a changed configuration changes no byte of an event', async () => {
    fixture.receiver.answerWith(503);
    await fixture.bridge(hook('minimal')).deliver(trigger());
    expect(bodies()).toEqual([]);
    fixture.clock.advance(3_600_000);
    await fixture.bridge(hook('full')).sweep();
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).not.toContain('Card data');
  });

  it('is as configured when history is sent to it', async () => {
    const bridge = fixture.bridge({ destinations: [] });
    await bridge.deliver(trigger());
    const later = fixture.bridge(hook('minimal'));
    const { store, config, clock } = later.deps;
    await oweAlso({ store, config, clock }, { incidentId: 'Q1', destination: 'hook', sequence: 1 });
    await later.sweep();
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).not.toContain('Card data');
  });
});
