import type { Store } from '../database/dynamo.ts';
import { eachRow } from '../database/request.ts';

/** The whole table, for the command line; see eachRow. */
export async function* eachMapping(store: Store, wanted: { unmatched?: boolean } = {}) {
  const unmatched = { filter: '#rule = :none AND attribute_not_exists(#deleted)', values: { none: 'none' } };
  yield* eachRow(store, 'mappings', wanted.unmatched ? unmatched : {});
}
