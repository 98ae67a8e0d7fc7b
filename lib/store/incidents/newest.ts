import type { Store } from '../database/dynamo.ts';
import { getMany } from '../database/get-many.ts';
import { inParallel } from '../database/in-parallel.ts';
import type { Row } from '../database/marshalled.ts';
import { newestByDay, rowsAlong, type Walk } from '../database/newest-by-day.ts';
import { query } from '../database/request.ts';
import type { IncidentFacts } from './by-day.ts';
import { readIncident } from './incidents.ts';

const atOnce = 16;
const readAtOnce = 100;

/**
 * Rows of incidents, the newest first; `fits` is asked of what the index knows, and of the row as it is now. Of the
 * rows only what `project` names (`#a, #b`), if it does.
 */
export async function* newestIncidents(
  store: Store,
  walk: Walk,
  fits: (row: IncidentFacts & Row) => boolean,
  project?: string,
): AsyncGenerator<Row> {
  const wanted = {
    fits: ({ facts }: { facts: Row }) => fits(facts),
    atOnce: Math.min(readAtOnce, walk.pageSize),
  };
  const rows = rowsAlong(newestByDay(store, 'incidents', walk), wanted, (several) =>
    getMany(
      store,
      'incidents',
      'incident_id',
      several.map(({ id }) => id),
      project,
    ),
  );
  for await (const row of rows) if (fits(row)) yield row;
}

/** Rows of the incidents that are held at these PagerDuty services. */
export async function incidentsHeldAt(store: Store, serviceIds: readonly string[]): Promise<Row[]> {
  const found = await inParallel(serviceIds, atOnce, (service) =>
    query(store, 'incidents', {
      index: 'held',
      keys: '#held_service = :service',
      values: { service },
    }),
  );
  const ids = [...new Set(found.flat().map((row) => String(row['incident_id'])))];
  const rows = await inParallel(ids, atOnce, (id) => readIncident(store, id));
  return rows.filter((row) => row !== undefined);
}
