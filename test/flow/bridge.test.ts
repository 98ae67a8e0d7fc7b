import { randomUUID } from 'node:crypto';
import { scan } from '../../lib/store/database/request.ts';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { createTestBridge } from '../support/bridge.ts';
import { startTestDatabase, type TestDatabase } from '../support/dynalite.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { type WebhookBody, webhookBody } from '../support/webhooks.ts';

let database: TestDatabase;
let receiver: Receiver;

beforeAll(async () => {
  database = await startTestDatabase();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await database.stop();
});

const bridgeWith = (config: object = {}) =>
  createTestBridge(database.store, {
    config: {
      destinations: [{ name: 'hook', type: 'webhook', url: receiver.url, secret: 'env:HOOK' }],
      ...config,
    },
    secrets: { 'env:HOOK': [`whsec_${Buffer.alloc(32, 7).toString('base64')}`] },
  });

const minute = (n: number) => new Date(Date.UTC(2026, 2, 2, 10, n)).toISOString();

function incident(type: string, id: string, at: string, data: object = {}): WebhookBody {
  return webhookBody(type, { at, data: { id, created_at: minute(0), ...data } });
}

const arrived = (id: string) =>
  receiver.received.map(({ json }) => json).filter((json) => json.incident.id === id);

describe('a signed webhook goes in', () => {
  it('and, pinned, comes out as one incident event per webhook, in order, with nothing owed', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const service = { id: 'PPINNED', type: 'service_reference', summary: 'Pinned', html_url: null };
    await pinService(database.store, 'PPINNED', { services: ['checkout-api'], team: 'payments' });
    for (const [type, at, status] of [
      ['incident.triggered', minute(0), 'triggered'],
      ['incident.acknowledged', minute(1), 'acknowledged'],
      ['incident.resolved', minute(5), 'resolved'],
    ] as const) {
      const answer = await bridge.deliver(incident(type, id, at, { service, status }));
      expect(answer.status).toBe(202);
    }
    expect(arrived(id).map((event) => [event.sequence, event.type, event.services, event.team])).toEqual([
      [1, 'incident.triggered', ['checkout-api'], 'payments'],
      [2, 'incident.acknowledged', ['checkout-api'], 'payments'],
      [3, 'incident.resolved', ['checkout-api'], 'payments'],
    ]);
    const rows = await scan(database.store, 'incidents');
    const row = rows.find((each) => each['incident_id'] === id);
    expect(row).toMatchObject({
      status: 'resolved',
      forwarding: 'settled',
      rule: 'pinned',
      last_sequence: 3,
    });
    const events = (await scan(database.store, 'events')).filter((each) => each['incident_id'] === id);
    expect(events).toHaveLength(3);
    for (const event of events) expect(event).not.toHaveProperty('due_at');
    const deliveries = (await scan(database.store, 'deliveries')).filter(
      (each) => each['incident_id'] === id,
    );
    expect(deliveries.map((each) => [each['status'], each['attempts']])).toEqual(
      Array.from({ length: 3 }, () => ['delivered', 1]),
    );
  });

  it('is held while nothing matches, and goes out by itself, once each and in order, after a pin', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const service = { id: 'PHELD', type: 'service_reference', summary: 'Nowhere', html_url: null };
    for (const [type, at, status] of [
      ['incident.triggered', minute(0), 'triggered'],
      ['incident.acknowledged', minute(1), 'acknowledged'],
      ['incident.resolved', minute(5), 'resolved'],
    ] as const) {
      await bridge.deliver(incident(type, id, at, { service, status, teams: [] }));
    }
    await bridge.sweep();
    expect(arrived(id)).toEqual([]);
    const held = (await scan(database.store, 'incidents')).find((each) => each['incident_id'] === id);
    expect(held).toMatchObject({ forwarding: 'held', held_reason: 'unmatched', status: 'resolved' });

    await pinService(database.store, 'PHELD', { services: [], team: 'core' });
    await bridge.sweep();
    expect(arrived(id).map((event) => [event.sequence, event.type, event.team])).toEqual([
      [1, 'incident.triggered', 'core'],
      [2, 'incident.acknowledged', 'core'],
      [3, 'incident.resolved', 'core'],
    ]);
    await bridge.sweep();
    expect(arrived(id)).toHaveLength(3);
    const row = (await scan(database.store, 'incidents')).find((each) => each['incident_id'] === id);
    expect(row).toMatchObject({ forwarding: 'settled' });
    expect(row).not.toHaveProperty('held_service');
  });

  it('sent 20 times in parallel is one row and one forward', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const service = { id: 'PPINNED', type: 'service_reference', summary: 'Pinned', html_url: null };
    const body = incident('incident.triggered', id, minute(0), { service });
    const answers = await Promise.all(Array.from({ length: 20 }, () => bridge.deliver(body)));
    const statuses = answers.map((answer) => JSON.parse(answer.body).status).sort();
    expect(statuses).toEqual(['accepted', ...Array.from({ length: 19 }, () => 'duplicate')]);
    await bridge.sweep();
    expect(arrived(id)).toHaveLength(1);
  });

  it('survives a destination that fails: the rest waits behind, then follows in order', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const service = { id: 'PPINNED', type: 'service_reference', summary: 'Pinned', html_url: null };
    receiver.answerWith(500);
    await bridge.deliver(incident('incident.triggered', id, minute(0), { service, status: 'triggered' }));
    await bridge.deliver(
      incident('incident.acknowledged', id, minute(1), { service, status: 'acknowledged' }),
    );
    await bridge.deliver(incident('incident.resolved', id, minute(2), { service, status: 'resolved' }));
    expect(arrived(id)).toEqual([]);
    bridge.deps.clock.advance(60_000);
    await bridge.sweep();
    expect(arrived(id).map((event) => event.sequence)).toEqual([1, 2, 3]);
    const row = (await scan(database.store, 'incidents')).find((each) => each['incident_id'] === id);
    expect(row).toMatchObject({ forwarding: 'settled' });
    const deliveries = (await scan(database.store, 'deliveries')).filter(
      (each) => each['incident_id'] === id,
    );
    for (const delivery of deliveries) expect(delivery).not.toHaveProperty('due_at');
  });

  it('out of order is late, and carries the current state', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const service = { id: 'PPINNED', type: 'service_reference', summary: 'Pinned', html_url: null };
    await bridge.deliver(incident('incident.triggered', id, minute(0), { service, status: 'triggered' }));
    await bridge.deliver(incident('incident.resolved', id, minute(9), { service, status: 'resolved' }));
    await bridge.deliver(
      incident('incident.acknowledged', id, minute(4), { service, status: 'acknowledged' }),
    );
    expect(
      arrived(id).map((event) => [event.sequence, event.type, event.late, event.incident.status]),
    ).toEqual([
      [1, 'incident.triggered', undefined, 'triggered'],
      [2, 'incident.resolved', undefined, 'resolved'],
      [3, 'incident.acknowledged', true, 'resolved'],
    ]);
  });

  it('held while it moved on goes out as far as the service it came from is pinned later', async () => {
    const bridge = bridgeWith();
    const id = `Q${randomUUID().slice(0, 8)}`;
    const at = (service: string) => ({
      service: { id: service, type: 'service_reference', summary: `Nameless ${service}`, html_url: null },
      teams: [],
      status: 'triggered',
    });
    await bridge.deliver(incident('incident.triggered', id, minute(0), at('PLEFT')));
    await bridge.deliver(incident('incident.service_updated', id, minute(1), at('PNOW')));
    await bridge.sweep();
    expect(arrived(id)).toEqual([]);
    await pinService(database.store, 'PLEFT', { services: ['left-behind'] });
    await bridge.sweep();
    expect(arrived(id).map((event) => [event.sequence, event.type, event.services])).toEqual([
      [1, 'incident.triggered', ['left-behind']],
    ]);
    await pinService(database.store, 'PNOW', { services: ['where-it-is'] });
    await bridge.sweep();
    expect(arrived(id).map((event) => [event.sequence, event.services])).toEqual([
      [1, ['left-behind']],
      [2, ['where-it-is']],
    ]);
  });
});
