import type { Store } from '../database/dynamo.ts';
import { eachRow } from '../database/request.ts';

/** The whole table, for the command line; see eachRow. */
export async function* eachIncident(store: Store, wanted: { status?: string; held?: boolean } = {}) {
  const filter = [
    ...(wanted.status === undefined ? [] : ['#status = :status']),
    ...(wanted.held ? ['attribute_exists(#held_reason)'] : []),
  ].join(' AND ');
  const values = wanted.status === undefined ? {} : { status: wanted.status };
  yield* eachRow(store, 'incidents', { filter, values });
}
