import type { Row } from '../../../lib/store/database/marshalled.ts';
import type { MemoryStore } from './memory-store.ts';

/**
 * What must be true after every single write, because a worker can die after any: each pending delivery will be
 * found again. It has a due mark, or somebody has claimed it while its event keeps its own mark, or it waits
 * behind a pending row that knows who follows it.
 */
function forgottenDeliveries({ rowsOf }: MemoryStore, incidentId: string): string[] {
  const deliveries = rowsOf('deliveries', incidentId);
  if (!deliveries.some((row) => row['status'] === 'pending')) return [];
  const isMarked = (row: Row) => row['due_at'] !== undefined && row['due_shard'] !== undefined;
  const dueEvents = new Set(
    rowsOf('events', incidentId)
      .filter(isMarked)
      .map((event) => event['event_id']),
  );
  return deliveries
    .filter((row) => {
      if (row['status'] !== 'pending' || isMarked(row) || dueEvents.has(row['event_id'])) return false;
      const waitedFor = (other: Row) =>
        other['status'] === 'pending' &&
        other['destination'] === row['destination'] &&
        other['followed_by'] instanceof Set &&
        other['followed_by'].has(row['sequence']);
      return !deliveries.some(waitedFor);
    })
    .map((row) => `${row['incident_id']} ${row['delivery_id']}: ${JSON.stringify(row)}`);
}

/** Checks that after every write from now on; `found` fills with what was forgotten, and when. */
export function watchInvariants(database: MemoryStore): { found: string[] } {
  const found: string[] = [];
  let writes = 0;
  database.onWrite(({ table, key }) => {
    writes += 1;
    const incidentId = key['incident_id']?.S;
    if (found.length > 0 || incidentId === undefined || !['events', 'deliveries'].includes(table)) return;
    const forgotten = forgottenDeliveries(database, incidentId);
    found.push(...forgotten.map((each) => `after write ${writes}: ${each}`));
  });
  return { found };
}

/** What is left to do: nothing, once everything has been delivered or given up. */
export function leftovers({ rows }: MemoryStore): string[] {
  const pending = rows('deliveries').filter((row) => row['status'] === 'pending');
  const marked = [...rows('deliveries'), ...rows('events')].filter((row) => row['due_at'] !== undefined);
  const unsettled = rows('incidents').filter((row) => row['forwarding'] !== 'settled');
  const leased = rows('incidents').filter((row) => row['lease_owner'] !== undefined);
  const name = (row: Row) => String(row['delivery_id'] ?? row['log_key'] ?? row['incident_id']);
  return [
    ...pending.map((row) => `pending ${name(row)}`),
    ...marked.map((row) => `due ${name(row)}`),
    ...unsettled.map((row) => `${row['forwarding']} ${name(row)}`),
    ...leased.map((row) => `leased ${name(row)}`),
  ];
}
