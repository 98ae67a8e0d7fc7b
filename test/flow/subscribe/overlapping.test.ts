import { deliveriesOf } from '../../../lib/store/deliveries/list.ts';
import { readLog } from '../../../lib/store/events/events.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { createTestBridge, createTestClock } from '../../support/bridge.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { memoryStore } from '../import/fixture.ts';

it('an event that two subscriptions deliver, each as a webhook of its own, counts and goes out once', async () => {
  const clock = createTestClock(Date.parse('2026-03-02T10:00:00Z'));
  const store = memoryStore(clock);
  const config = { unmatched: 'passthrough' as const, destinations: [{ name: 'screen', type: 'console' }] };
  const bridge = createTestBridge(store, { clock, config });
  const statuses: string[] = [];
  for (const [type, at] of [
    ['incident.triggered', '2026-03-02T09:58:41.000Z'],
    ['incident.acknowledged', '2026-03-02T09:59:02.000Z'],
  ] as const) {
    const body = webhookBody(type, { at });
    for (const [webhook, subscription] of [
      ['W-OLD', 'POLD001'],
      ['W-NEW', 'PNEW001'],
    ] as const) {
      const headers = { 'x-webhook-id': `${webhook}-${type}`, 'x-webhook-subscription': subscription };
      const { body: answer } = await bridge.deliver(body, headers);
      statuses.push((JSON.parse(String(answer)) as { status: string }).status);
    }
  }
  expect(statuses).toEqual(['accepted', 'duplicate', 'accepted', 'duplicate']);
  const id = String(webhookBody('incident.triggered', { at: '2026-03-02T09:58:41.000Z' }).event.data['id']);
  expect(await readLog(store, id)).toHaveLength(2);
  expect(await readIncident(store, id)).toMatchObject({ event_count: 2, forwarding: 'settled' });
  const delivered = (await deliveriesOf(store, id)).map((row) => [row['event_type'], row['status']]);
  expect(delivered).toEqual([
    ['incident.triggered', 'delivered'],
    ['incident.acknowledged', 'delivered'],
  ]);
});
