import { readFileSync } from 'node:fs';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { pinnedService } from '../flow/deliver/five-events.ts';
import { createMemoryStore, type MemoryStore } from '../flow/deliver/memory-store.ts';
import { createTestBridge, type TestBridge } from '../support/bridge.ts';
import { webhookBody } from '../support/webhooks.ts';

/** The guide is played: a subscription like the one PagerDuty has for Datadog, pointed at the bridge. */
const text = readFileSync('docs/moving-from-datadog-dora.md', 'utf8');
const listed = /```text\n([\s\S]*?)```/.exec(text)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
const key = 'a-key-as-datadog-has-them';
const headers = { 'dd-api-key': key, dd_env: 'live' };
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();

let database: MemoryStore;
let bridge: TestBridge;
beforeEach(async () => {
  database = createMemoryStore();
  await pinService(database.store, pinnedService.id, { services: ['checkout-api'], team: 'payments' });
  await pinService(database.store, 'POTHER', { services: ['search'], team: 'discovery' });
  bridge = createTestBridge(database.store, {
    config: { authenticate: { api_keys: 'env:KEYS' }, destinations: [{ name: 'screen', type: 'console' }] },
    secrets: { 'env:KEYS': [key] },
  });
});

const event = (type: string, minute: number, data: Record<string, unknown> = {}) =>
  webhookBody(type, {
    id: `${type}-${minute}`,
    at: at(minute),
    data: { created_at: at(0), service: pinnedService, ...data },
  });
const row = (id: string) => database.rows('incidents').find((each) => each['incident_id'] === id);

it('lists the eleven event types', () => {
  expect(listed).toHaveLength(11);
  expect(listed).not.toContain('incident.service_updated');
});

it.each(listed)('accepts %s with the key and the environment of the subscription', async (type) => {
  const answer = await bridge.deliver(event(type, 1), headers);
  expect([answer.status, JSON.parse(String(answer.body)).status]).toEqual([202, 'accepted']);
});

it('takes the environment from the header, and service and team from the catalog’s side', async () => {
  await bridge.deliver(event('incident.triggered', 0, { id: 'QMOVING', status: 'triggered' }), headers);
  await bridge.deliver(event('incident.resolved', 30, { id: 'QMOVING', status: 'resolved' }), headers);
  expect(row('QMOVING')).toMatchObject({
    env: 'live',
    services: ['checkout-api'],
    team: 'payments',
    time_to_restore_seconds: 1800,
  });
});

it('does not answer a forgotten key with a refusal, which PagerDuty would take for final', async () => {
  expect((await bridge.send(event('incident.triggered', 0), { dd_env: 'live' })).status).toBe(503);
});

it('misses a move without incident.service_updated until the next event', async () => {
  const moved = {
    id: 'QMOVED',
    status: 'triggered',
    service: { ...pinnedService, id: 'POTHER', summary: 'Search' },
  };
  await bridge.deliver(event('incident.triggered', 0, { id: 'QMOVED', status: 'triggered' }), headers);
  expect(row('QMOVED')).toMatchObject({ services: ['checkout-api'] });
  await bridge.deliver(event('incident.acknowledged', 9, { ...moved, status: 'acknowledged' }), headers);
  expect(row('QMOVED')).toMatchObject({ services: ['search'] });
});
