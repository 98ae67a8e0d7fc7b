import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { dueShard, iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { putNew } from '../database/request.ts';

/** As long as a webhook waits for the stream before `sweep` looks after it. */
const sweepAfterMs = 30_000;

/** Writes one event that was read from PagerDuty's REST API, once; `false` when it is in the log already. */
export async function appendImported(
  store: Store,
  event: LoggedEvent & { imported: 'history' | 'repair' },
  nowMs: number,
): Promise<boolean> {
  return putNew(
    store,
    'events',
    {
      incident_id: event.incidentId,
      log_key: event.logKey,
      event_id: event.eventId,
      event_type: event.eventType,
      occurred_at: event.occurredAt,
      received_at: event.receivedAt,
      imported: event.imported,
      body: event.body,
      due_shard: dueShard(event.incidentId),
      due_at: iso(nowMs + sweepAfterMs),
    },
    'incident_id',
  );
}
