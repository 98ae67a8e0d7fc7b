import type { Content } from '../../domain/destination/content.ts';
import type { Memory } from '../../domain/destination/destination.ts';
import { dueShard } from '../database/due.ts';
import type { Row } from '../database/marshalled.ts';

/** Names one delivery: an incident's event number `sequence`, owed to a destination. */
export interface DeliveryKey {
  incidentId: string;
  destination: string;
  sequence: number;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'skipped' | 'dead';

export interface Delivery extends DeliveryKey {
  eventId: string;
  eventType: string;
  /** Rows of the first release have none: they were made when there was only `full`. */
  content: Content;
  status: DeliveryStatus;
  attempts: number;
  /** Server errors and timeouts while the destination accepted other events. */
  strikes: number;
  lastAttemptAt?: string;
  /** When the retry horizon began: the first attempt, or the first time its turn came in vain. */
  owedSince?: string;
  claim?: string;
  claimedUntil?: string;
  dueAt?: string;
  nextAttemptAt?: string;
  /** Sequences of later rows of this incident and destination that rely on this one to be woken. */
  followedBy: number[];
  /** Claims under which the row before it was about to end when they made this one due; see parkBehind. */
  releasedBy: string[];
  /** Sent again by a person. */
  redriven: boolean;
  /** Skipped because the destination's `only` or `counts` leaves the incident out so far. */
  leftOut: boolean;
  memory?: Memory;
}

export const deliveryId = (destination: string, sequence: number): string =>
  `${destination}#${String(sequence).padStart(8, '0')}`;

export const deliveryKey = (key: DeliveryKey): Row => ({
  incident_id: key.incidentId,
  delivery_id: deliveryId(key.destination, key.sequence),
});

/** Deliveries due are listed per destination, so what one owes never stands in another's way. */
export const deliveryShard = (key: DeliveryKey): string => `${key.destination}#${dueShard(key.incidentId)}`;

export function toDelivery(row: Row): Delivery {
  const optional = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const owedSince = optional('owed_since');
  const lastAttemptAt = optional('last_attempt_at');
  const claim = optional('claim');
  const claimedUntil = optional('claimed_until');
  const dueAt = optional('due_at');
  const nextAttemptAt = optional('next_attempt_at');
  return {
    incidentId: String(row['incident_id']),
    destination: String(row['destination']),
    sequence: Number(row['sequence']),
    eventId: String(row['event_id']),
    eventType: String(row['event_type']),
    content: row['content'] === 'minimal' ? 'minimal' : 'full',
    status: row['status'] as DeliveryStatus,
    attempts: Number(row['attempts'] ?? 0),
    strikes: Number(row['strikes'] ?? 0),
    followedBy: row['followed_by'] instanceof Set ? [...(row['followed_by'] as Set<number>)] : [],
    releasedBy: row['released_by'] instanceof Set ? [...(row['released_by'] as Set<string>)] : [],
    redriven: row['redriven'] === true,
    leftOut: row['left_out'] === true,
    ...(owedSince ? { owedSince } : {}),
    ...(lastAttemptAt ? { lastAttemptAt } : {}),
    ...(claim ? { claim } : {}),
    ...(claimedUntil ? { claimedUntil } : {}),
    ...(dueAt ? { dueAt } : {}),
    ...(nextAttemptAt ? { nextAttemptAt } : {}),
    ...(row['memory'] ? { memory: row['memory'] as Memory } : {}),
  };
}

export interface Claim {
  token: string;
  untilMs: number;
}
