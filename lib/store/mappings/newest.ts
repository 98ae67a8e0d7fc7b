import type { Store } from '../database/dynamo.ts';
import { getMany } from '../database/get-many.ts';
import type { Row } from '../database/marshalled.ts';
import { type ByDay, newestByDay, rowsAlong, type Walk } from '../database/newest-by-day.ts';

const atOnce = 16;
/** What has had no incident for so long is looked for in the table. */
const mostIncidents = 5_000;

/** The rows of PagerDuty services, those with the newest incidents first, each once. */
export async function* newestMappings(
  store: Store,
  walk: Walk,
  fits: (row: Row) => boolean,
  unmatched: boolean,
): AsyncGenerator<Row> {
  const seen = new Set<unknown>();
  const isNew = ({ facts: { pagerduty_service_id: id, services, team } }: ByDay) => {
    const attributed = team !== undefined || (Array.isArray(services) && services.length > 0);
    if (typeof id !== 'string' || seen.has(id) || (unmatched && attributed)) return false;
    seen.add(id);
    return true;
  };
  const wanted = { fits: isNew, atOnce: Math.min(atOnce, walk.pageSize), most: mostIncidents };
  const rows = rowsAlong(newestByDay(store, 'incidents', walk), wanted, (several) =>
    getMany(
      store,
      'mappings',
      'pagerduty_service_id',
      several.map(({ facts }) => String(facts['pagerduty_service_id'])),
    ),
  );
  for await (const row of rows) if (fits(row)) yield row;
}
