import type { Store } from '../database/dynamo.ts';
import { eachRow } from '../database/request.ts';

/** Which events were frozen at `since` (ISO 8601) or later, by key. */
export async function* eachFrozenSince(
  store: Store,
  since: string,
): AsyncGenerator<{ incidentId: string; sequence: number }> {
  const wanted = { filter: '#frozen_at >= :since', values: { since }, project: '#incident_id, #sequence' };
  for await (const row of eachRow(store, 'outgoing', wanted)) {
    yield { incidentId: String(row['incident_id']), sequence: Number(row['sequence']) };
  }
}
