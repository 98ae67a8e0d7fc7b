import type { Store } from '../store/database/dynamo.ts';
import { inParallel } from '../store/database/in-parallel.ts';
import type { Row } from '../store/database/marshalled.ts';
import { openIncidents } from '../store/incidents/by-day.ts';
import { readIncident } from '../store/incidents/incidents.ts';
import { incidentsHeldAt } from '../store/incidents/newest.ts';
import { heldServices } from '../store/mappings/mappings.ts';

const atOnce = 16;

/**
 * The incidents that are held, the newest first, by their indexes: those that match nothing by the service they are
 * held at, and among the open ones those of which no event has named a service yet.
 */
export async function* heldRows(store: Store): AsyncGenerator<Row> {
  const services = await heldServices(store);
  const held = await incidentsHeldAt(
    store,
    services.map(({ serviceId }) => serviceId),
  );
  const nowhere = (await openIncidents(store)).filter(
    ({ facts }) => facts.pagerduty_service_id === undefined,
  );
  const others = await inParallel(nowhere, atOnce, ({ id }) => readIncident(store, id));
  const all = [...held, ...others.filter((row) => row !== undefined)];
  const byId = new Map(all.map((row) => [row['incident_id'], row]));
  const at = (row: Row) => String(row['at'] ?? row['last_event_at'] ?? '');
  yield* [...byId.values()]
    .filter((row) => row['held_reason'] !== undefined)
    .sort((a, b) => (at(a) < at(b) ? 1 : -1));
}
