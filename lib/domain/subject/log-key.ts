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
  return `${beginning(occurredAtMs, eventType)}${keySafe(eventId)}`;
}

/** The same for an event that is dated to the second: within it, by its place in the order of whoever tells of it. */
export const importedLogKey = (atMs: number, eventType: string, ordinal: number, eventId: string): string =>
  `${beginning(atMs, eventType)}${String(ordinal).padStart(4, '0')}:${keySafe(eventId)}`;

const beginning = (atMs: number, eventType: string): string =>
  `${new Date(atMs).toISOString()}#${eventType === 'incident.triggered' ? 0 : 1}#`;
