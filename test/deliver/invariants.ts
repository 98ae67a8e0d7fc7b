import type { Row } from '../../lib/store/request.ts';
import type { MemoryStore } from './memory-store.ts';

const sequenceOf = (row: Row) => Number(row['sequence']);
const laneOf = (row: Row) => `${row['incident_id']}/${row['destination']}`;

/**
 * What must be true after every single write, because a worker can die after any: each pending delivery will be
 * found again. It has a due mark, or somebody has claimed it while its event keeps its own mark, or it waits
 * behind a pending row that knows it is followed.
 */
export function forgottenDeliveries({ rows }: MemoryStore): string[] {
  const deliveries = rows('deliveries');
  const bySequence = new Map(deliveries.map((row) => [`${laneOf(row)}/${sequenceOf(row)}`, row]));
  const dueEvents = new Set(
    rows('events')
      .filter((event) => event['due_at'] !== undefined && event['due_shard'] !== undefined)
      .map((event) => `${event['incident_id']}/${event['event_id']}`),
  );
  return deliveries
    .filter((row) => {
      if (row['status'] !== 'pending') return false;
      if (row['due_at'] !== undefined && row['due_shard'] !== undefined) return false;
      if (dueEvents.has(`${row['incident_id']}/${row['event_id']}`)) return false;
      const before = bySequence.get(`${laneOf(row)}/${sequenceOf(row) - 1}`);
      return !(before?.['status'] === 'pending' && before['followed'] === true);
    })
    .map((row) => `${row['incident_id']} ${row['delivery_id']}: ${JSON.stringify(row)}`);
}

/** Checks that after every write from now on; `found` fills with what was forgotten, and when. */
export function watchInvariants(database: MemoryStore): { found: string[] } {
  const found: string[] = [];
  let writes = 0;
  database.onWrite(({ table }) => {
    writes += 1;
    if (found.length > 0 || !['events', 'deliveries'].includes(table)) return;
    for (const forgotten of forgottenDeliveries(database)) found.push(`after write ${writes}: ${forgotten}`);
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
