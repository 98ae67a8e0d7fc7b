import { deployment } from '../../domain/subject/deployment.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import type { Row } from '../database/marshalled.ts';
import { type ByDay, merged, newestByDay, rowsAlong, type Walk } from '../database/newest-by-day.ts';
import { deliveriesOf } from './list.ts';

const atOnce = 16;
/** Where what is looked for is not among those of so many incidents and deployments, it is rare. */
const mostSubjects = 500;

/** The deliveries of the newest incidents and deployments, which are the newest ones as a rule. */
export async function* newestDeliveries(
  store: Store,
  walk: Walk,
  fits: (row: Row) => boolean,
): AsyncGenerator<Row> {
  const subjects = merged([
    newestByDay(store, 'incidents', walk),
    keyed(newestByDay(store, 'deployments', walk)),
  ]);
  const wanted = { fits: () => true, atOnce: Math.min(atOnce, walk.pageSize), most: mostSubjects };
  const rows = rowsAlong(subjects, wanted, async (several) =>
    (await inParallel(several, atOnce, ({ id }) => deliveriesOf(store, id))).flat(),
  );
  for await (const row of rows) if (fits(row)) yield row;
}

async function* keyed(deployments: AsyncGenerator<ByDay>): AsyncGenerator<ByDay> {
  for await (const each of deployments) yield { ...each, id: deployment.key(each.id) };
}
