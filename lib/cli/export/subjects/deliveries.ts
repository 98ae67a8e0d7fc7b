import type { Row } from '../../../store/database/marshalled.ts';
import { eachDelivery } from '../../../store/deliveries/list.ts';
import { columnsOf, type Line, lineOf } from '../column.ts';
import { daysOf, type ExportSubject, isWithin } from '../subject.ts';

const columns = [
  ...columnsOf('text', 'incident_id destination'),
  ...columnsOf('integer', 'sequence'),
  ...columnsOf('text', 'event_id event_type status reason'),
  ...columnsOf('integer', 'attempts last_status_code'),
  ...columnsOf('text', 'last_error content'),
  ...columnsOf('time', 'settled_at last_attempt_at delivered_at next_attempt_at'),
];

const dayMs = 86_400_000;

/** Deliveries that were settled in the range, by that day, and those that are owed. Reads the whole table. */
export const deliveries: ExportSubject = {
  name: 'deliveries',
  by: 'settlement',
  columns,
  async *days({ store, config }, range) {
    const byDay = new Map<string, Line[]>([...daysOf(range), 'open'].map((day) => [day, []]));
    for await (const row of eachDelivery(store)) {
      const settledAt = settlementOf(row, config.retention_days);
      if (settledAt !== undefined && !isWithin(range, settledAt)) continue;
      const line = lineOf(columns, { ...row, settled_at: settledAt });
      byDay.get(settledAt?.slice(0, 10) ?? 'open')?.push(line);
    }
    for (const [day, lines] of byDay) yield { day, lines: lines.sort(inOrder) };
  },
};

/** What was skipped was never tried; but it is kept for so many days from then on. */
function settlementOf(row: Row, keptDays: number): string | undefined {
  if (row['status'] === 'pending') return undefined;
  const known = row['delivered_at'] ?? row['last_attempt_at'];
  if (typeof known === 'string') return known;
  const expiresAt = row['expires_at'];
  if (typeof expiresAt !== 'number') return undefined;
  return new Date(expiresAt * 1000 - keptDays * dayMs).toISOString();
}

const place = (line: Line): string =>
  `${line['incident_id']}/${line['destination']}/${String(line['sequence']).padStart(8, '0')}`;
const inOrder = (a: Line, b: Line): number => (place(a) < place(b) ? -1 : 1);
