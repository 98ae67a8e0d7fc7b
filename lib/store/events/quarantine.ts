import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, update } from '../database/request.ts';

const keyOf = (sha256: string): Row => ({ incident_id: `quarantine:${sha256}`, log_key: 'quarantined' });

/** A body in quarantine, by the hex SHA-256 that names it. */
export async function readQuarantined(store: Store, sha256: string): Promise<Row | undefined> {
  return get(store, 'events', keyOf(sha256));
}

/** Notes that the body has been read after all; the row stays until it expires. */
export async function markReplayed(store: Store, sha256: string, eventId: string, at: string): Promise<void> {
  await update(store, 'events', keyOf(sha256), {
    set: { replayed_at: at, event_id: eventId },
    when: 'attribute_exists(#incident_id)',
  });
}
