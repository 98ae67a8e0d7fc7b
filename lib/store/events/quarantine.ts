import { quarantine } from '../../domain/subject/quarantine.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { eachRow, get, update } from '../database/request.ts';

const logKey = 'quarantined';
const keyOf = (sha256: string): Row => ({ incident_id: quarantine.key(sha256), log_key: logKey });

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

/** Bodies in quarantine, as they are in the log: `body_bytes` and why they could not be read; see eachRow. */
export async function* eachQuarantined(store: Store) {
  yield* eachRow(store, 'events', { filter: '#log_key = :quarantined', values: { quarantined: logKey } });
}
