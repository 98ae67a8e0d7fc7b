import type { Store } from './dynamo.ts';
import type { Row } from './marshalled.ts';
import { query, scanPages } from './request.ts';

/**
 * Whole tables, for the command line: every listing reads its table page by page, so it takes memory only for
 * what the caller keeps. Eventually consistent, in no order.
 */
export async function* eachIncident(store: Store, wanted: { status?: string; held?: boolean } = {}) {
  const filter = [
    ...(wanted.status === undefined ? [] : ['#status = :status']),
    ...(wanted.held ? ['attribute_exists(#held_reason)'] : []),
  ].join(' AND ');
  yield* each(store, 'incidents', filter, wanted.status === undefined ? {} : { status: wanted.status });
}

export async function* eachDelivery(
  store: Store,
  wanted: { status?: string; destination?: string; incidentId?: string } = {},
) {
  const { status, destination, incidentId } = wanted;
  const filter = [
    ...(status === undefined ? [] : ['#status = :status']),
    ...(destination === undefined ? [] : ['#destination = :destination']),
    ...(incidentId === undefined ? [] : ['#incident_id = :incident']),
  ].join(' AND ');
  yield* each(store, 'deliveries', filter, {
    ...(status === undefined ? {} : { status }),
    ...(destination === undefined ? {} : { destination }),
    ...(incidentId === undefined ? {} : { incident: incidentId }),
  });
}

/** The deliveries of one incident, in the order of destination and sequence. */
export async function deliveriesOf(store: Store, incidentId: string): Promise<Row[]> {
  return query(store, 'deliveries', { keys: '#incident_id = :id', values: { id: incidentId } });
}

export async function* eachMapping(store: Store, wanted: { unmatched?: boolean } = {}) {
  yield* each(
    store,
    'mappings',
    wanted.unmatched ? '#rule = :none' : '',
    wanted.unmatched ? { none: 'none' } : {},
  );
}

/** Bodies in quarantine, as they are in the log: `body_bytes` and why they could not be read. */
export async function* eachQuarantined(store: Store) {
  yield* each(store, 'events', 'begins_with(#incident_id, :quarantine)', { quarantine: 'quarantine:' });
}

/** Which events were frozen at `since` (ISO 8601) or later, by key. */
export async function* eachFrozenSince(
  store: Store,
  since: string,
): AsyncGenerator<{ incidentId: string; sequence: number }> {
  const wanted = { filter: '#frozen_at >= :since', values: { since }, project: '#incident_id, #sequence' };
  for await (const page of scanPages(store, 'outgoing', wanted)) {
    for (const row of page)
      yield { incidentId: String(row['incident_id']), sequence: Number(row['sequence']) };
  }
}

/** The ids of all incidents that have an event in the log, each once. */
export async function loggedIncidents(store: Store): Promise<string[]> {
  const ids = new Set<string>();
  for await (const page of scanPages(store, 'events', { project: '#incident_id' })) {
    for (const row of page) ids.add(String(row['incident_id']));
  }
  return [...ids].filter((id) => !/^(service|other|quarantine):/.test(id)).sort();
}

async function* each(
  store: Store,
  table: 'incidents' | 'deliveries' | 'mappings' | 'events',
  filter: string,
  values: Row,
): AsyncGenerator<Row> {
  for await (const page of scanPages(store, table, filter === '' ? {} : { filter, values })) yield* page;
}
