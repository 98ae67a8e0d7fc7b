import { items, member, readId, readText } from '../loose.ts';
import { parseTimestamp } from '../timestamp.ts';

/** One entry of an incident's log as PagerDuty's REST API tells it; times have whole seconds. */
export interface LogEntry {
  id: string;
  type: string;
  atMs: number;
  /** Who did it, as PagerDuty refers to it; null where it does not say. */
  agent: unknown;
  channel: unknown;
  /** The entry as it came, for what only some types have. */
  raw: unknown;
}

/** Undefined for what has no id, type or time. */
export function readLogEntry(value: unknown): LogEntry | undefined {
  const id = readId(member(value, 'id'));
  const type = readText(member(value, 'type'), 128);
  const atMs = parseTimestamp(member(value, 'created_at'));
  if (id === undefined || type === undefined || atMs === undefined) return undefined;
  return {
    id,
    type: type.replace(/_reference$/, ''),
    atMs,
    agent: member(value, 'agent') ?? null,
    channel: member(value, 'channel'),
    raw: value,
  };
}

/** `channel.changeset.<list>[]`, in which an entry says which fields changed. */
export const changed = ({ channel }: LogEntry, list: string): unknown[] =>
  items(member(member(channel, 'changeset'), list)) ?? [];
