import type { Store } from '../database/dynamo.ts';
import { getMany } from '../database/get-many.ts';
import { inParallel } from '../database/in-parallel.ts';
import type { Row } from '../database/marshalled.ts';
import { newestByDay, rowsAlong, type Walk } from '../database/newest-by-day.ts';
import { query } from '../database/request.ts';
import { readDeployment, unmatched } from './deployments.ts';

const atOnce = 16;
const readAtOnce = 100;

/** Rows of deployments, the newest first; `fits` is asked of what the index shows, and of the row as it is now. */
export async function* newestDeployments(
  store: Store,
  walk: Walk,
  fits: (row: Row) => boolean,
): AsyncGenerator<Row> {
  const wanted = {
    fits: ({ facts }: { facts: Row }) => fits((facts['shown'] ?? {}) as Row),
    atOnce: Math.min(readAtOnce, walk.pageSize),
  };
  const rows = rowsAlong(newestByDay(store, 'deployments', walk), wanted, (several) =>
    getMany(
      store,
      'deployments',
      'deployment_id',
      several.map(({ id }) => id),
    ),
  );
  for await (const row of rows) if (fits(row)) yield row;
}

/** Rows of those that nobody knows the service of, the newest first. */
export async function* heldDeploymentRows(store: Store): AsyncGenerator<Row> {
  const held = await query(store, 'deployments', {
    index: 'held',
    keys: '#held = :held',
    values: { held: unmatched },
  });
  const rows = await inParallel(held, atOnce, (row) => readDeployment(store, String(row['deployment_id'])));
  const at = (row: Row) => String(row['at'] ?? '');
  yield* rows.filter((row) => row !== undefined).sort((a, b) => (at(a) < at(b) ? 1 : -1));
}
