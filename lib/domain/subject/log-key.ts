import { createHash } from 'node:crypto';

/** A DynamoDB sort key holds 1024 bytes; ids that are long or not plain ASCII are represented by their hash. */
const plainId = /^[\x21-\x7e]{1,200}$/;

export function keySafe(id: string): string {
  return plainId.test(id) ? id : hashedKey(id);
}

export function hashedKey(id: string): string {
  return `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/**
 * Where an event stands in its incident's log: by time in UTC milliseconds, at the same millisecond
 * `incident.triggered` first, then by event id. Plain string comparison of two keys is the order of the log.
 */
export function logKey(occurredAtMs: number, eventType: string, eventId: string): string {
  const rank = eventType === 'incident.triggered' ? 0 : 1;
  return `${new Date(occurredAtMs).toISOString()}#${rank}#${keySafe(eventId)}`;
}
