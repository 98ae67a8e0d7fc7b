import type { BridgeConfig } from '../../../lib/adapters/config/bridge-config.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { pushCatalog } from '../../../lib/store/catalog/push.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { remove } from '../../../lib/store/database/request.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { readIncident } from '../../../lib/store/incidents/incidents.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';
import { createTestBridge, createTestClock, type TestBridge, type TestClock } from '../../support/bridge.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { scan } from '../../support/scan.ts';
import { type WebhookBody, webhookBody } from '../../support/webhooks.ts';

/** One bridge and its surroundings: an empty database, a clock of its own, a destination that keeps what arrives. */
export interface Fixture {
  store: Store;
  clock: TestClock;
  receiver: Receiver;
  /** A bridge on this database; `db` lets a test come between it and the database. */
  bridge(config?: Partial<BridgeConfig>, db?: Store['db']): TestBridge;
  /** Makes the catalog's source `default` equal to these. */
  push(...entries: CatalogEntry[]): Promise<void>;
  arrived(incidentId?: string): IncidentEvent[];
  row(incidentId: string): Promise<Row>;
  rowsOf(table: 'events' | 'outgoing' | 'deliveries', incidentId: string): Promise<Row[]>;
  mapping(serviceId: string): Promise<Row>;
  /** Deletes what TTL would have deleted by now. */
  expire(): number;
  /** Deletes an incident's rows from one table, or some of them. */
  forget(table: 'events' | 'outgoing', incidentId: string, which?: (row: Row) => boolean): Promise<void>;
}

export const startMs = Date.UTC(2026, 2, 2, 10);
export const minute = (count: number): string => new Date(startMs + count * 60_000).toISOString();

const receiver = await startReceiver();
const http = createNodeHttp({ allowLoopback: true });

export const hookSecret = { 'env:HOOK': [`whsec_${Buffer.alloc(32, 7).toString('base64')}`] };

/** A new one for each test. */
export function createFixture(): Fixture {
  receiver.received.length = 0;
  const db = createMemoryDynamoDb(tableDefinitions, (name) => `test-${name}`);
  const store: Store = { db, table: (name) => `test-${name}` };
  const clock = createTestClock(startMs + 3_600_000);
  let tokens = 0;
  const fixture: Fixture = {
    store,
    clock,
    receiver,
    bridge: (config = {}, through) =>
      createTestBridge(through ? { ...store, db: through } : store, {
        clock,
        secrets: hookSecret,
        http,
        config: {
          destinations: [{ name: 'hook', type: 'webhook', url: receiver.url, secret: 'env:HOOK' }],
          ...config,
        } as Partial<BridgeConfig>,
      }),
    push: async (...entries) => {
      const random = { token: () => `push${++tokens}`, unit: () => 0.5 };
      await pushCatalog({ store, clock, random }, { source: 'default', entries, allowEmpty: true });
    },
    arrived: (incidentId) =>
      receiver.received
        .map(({ json }) => json as IncidentEvent)
        .filter(({ incident }) => incidentId === undefined || incident.id === incidentId),
    row: async (incidentId) => (await readIncident(store, incidentId)) ?? {},
    rowsOf: async (table, incidentId) =>
      (await scan(store, table)).filter((row) => row['incident_id'] === incidentId),
    mapping: async (serviceId) =>
      (await scan(store, 'mappings')).find((row) => row['pagerduty_service_id'] === serviceId) ?? {},
    expire: () => db.expire(clock.now()),
    forget: async (table, incidentId, which = () => true) => {
      const range = tableDefinitions.find(({ name }) => name === table)?.range?.attribute ?? '';
      for (const row of (await fixture.rowsOf(table, incidentId)).filter(which))
        await remove(store, table, { incident_id: incidentId, [range]: row[range] });
    },
  };
  return fixture;
}

/** A PagerDuty service as a webhook refers to it. */
export const at = (id: string, name: string | null = `Service ${id}`) => ({
  id,
  type: 'service_reference',
  summary: name,
  self: null,
  html_url: `https://acme.pagerduty.com/services/${id}`,
});

export const teamRef = (name: string) => ({
  id: `P${name.toUpperCase()}`,
  type: 'team_reference',
  summary: name,
});

/** The page of a service as the catalog knows it. */
export const page = (id: string): string => `https://acme.pagerduty.com/service-directory/${id}`;

const statusOf: Record<string, string> = {
  'incident.triggered': 'triggered',
  'incident.reopened': 'triggered',
  'incident.resolved': 'resolved',
};

/** A webhook with the whole incident in it, without teams unless some are given. */
export function told(
  incidentId: string,
  type: string,
  minutes: number,
  data: Record<string, unknown> = {},
): WebhookBody {
  const status = statusOf[type] ?? 'acknowledged';
  return webhookBody(type, {
    id: `E-${incidentId}-${type}-${minutes}`,
    at: minute(minutes),
    data: { id: incidentId, created_at: minute(0), status, teams: [], ...data },
  });
}

/** A webhook that only refers to its incident. */
export function noted(incidentId: string, minutes: number): WebhookBody {
  const incident = { id: incidentId, type: 'incident_reference', summary: 'Noted' };
  const id = `E-${incidentId}-note-${minutes}`;
  return webhookBody('incident.annotated', { id, at: minute(minutes), data: { incident } });
}

/** Triggered, acknowledged and resolved at one service. */
export const threeEvents = (incidentId: string, service: object): WebhookBody[] => [
  told(incidentId, 'incident.triggered', 0, { service }),
  told(incidentId, 'incident.acknowledged', 2, { service }),
  told(incidentId, 'incident.resolved', 7, { service }),
];

/** PagerDuty tells of the service itself. */
export function serviceEvent(
  type: 'service.created' | 'service.updated' | 'service.deleted',
  id: string,
  name: string,
  minutes: number,
  data: Record<string, unknown> = {},
): WebhookBody {
  const url = `https://acme.pagerduty.com/services/${id}`;
  return webhookBody(type, {
    id: `E-${id}-${type}-${minutes}`,
    at: minute(minutes),
    data: { id, name, summary: name, html_url: url, teams: [], ...data },
  });
}

export const renamed = (id: string, name: string, minutes: number): WebhookBody =>
  serviceEvent('service.updated', id, name, minutes);

/** Does something once, right after the call with this number. */
export function meddling(db: Store['db'], after: number, act: () => Promise<unknown>) {
  const counter = { calls: 0 };
  const send: Store['db']['send'] = async (command) => {
    const answer = await db.send(command);
    counter.calls += 1;
    if (counter.calls === after) await act();
    return answer;
  };
  return { db: { send }, counter };
}
