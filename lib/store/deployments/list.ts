import type { Store } from '../database/dynamo.ts';
import { eachRow } from '../database/request.ts';

/** The whole table, for the command line; see eachRow. */
export async function* eachDeployment(store: Store) {
  yield* eachRow(store, 'deployments');
}
