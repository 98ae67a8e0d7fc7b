import type { IncidentStatus } from '../incident-snapshot.ts';
import { member, readText } from '../loose.ts';
import { type AccountIncident, asReference, asWebhookData } from './account-incident.ts';
import { kindOf } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';

/** An event as a webhook would have told it. */
export interface ReplayedEvent {
  /** `import:` and the log entry it is of, so that the same entry is the same event whenever it is read. */
  id: string;
  type: string;
  atMs: number;
  /** Its place among the entries of its second, in PagerDuty's own order. */
  ordinal: number;
  /** The body of such a webhook. */
  body: string;
}

export interface Replay {
  events: ReplayedEvent[];
  /** Types of entries that nobody here knows, by how many there were. */
  unknown: Record<string, number>;
}

/** PagerDuty assigns an incident as it makes it. */
const assignedWithCreationMs = 5_000;

/**
 * What happened to an incident, as webhooks would have told it, from its log entries (in any order) and how it is now.
 * What was otherwise at the time is known of service and priority only, since the log says from what they changed.
 *
 *   entries   trigger  assign      ack   resolve         notify  assign            priority_change
 *   events    triggered    acknowledged  resolved        reopened             priority_updated
 *                      └ part of the trigger             └ open again, which no entry says
 */
export function replay(incident: AccountIncident, entries: readonly LogEntry[]): Replay {
  // PagerDuty lists the newest first; within one second its order is all there is.
  const ordered = entries.toReversed().sort((one, other) => one.atMs - other.atMs);
  const known = whatWasThen(incident, ordered);
  const events: ReplayedEvent[] = [];
  const unknown: Record<string, number> = {};
  let status: IncidentStatus | undefined;
  let second = { atMs: Number.NaN, count: 0, types: new Set<string>() };

  const tell = (
    entry: Pick<LogEntry, 'atMs' | 'agent' | 'channel'>,
    id: string,
    type: string,
    data: object,
  ) =>
    events.push({
      id,
      type,
      atMs: entry.atMs,
      // What an entry betrays happened before what it says.
      ordinal: second.count * 2 - (id.endsWith(':reopen') || id.endsWith(':trigger') ? 1 : 0),
      body: bodyOf(id, type, entry, data),
    });
  const merged = (at: number) => (at === lastResolve(ordered) ? incident.resolveReason : null);

  for (const [at, entry] of ordered.entries()) {
    if (entry.atMs !== second.atMs) second = { atMs: entry.atMs, count: 0, types: new Set() };
    second.count += 1;
    const kind = kindOf(entry);
    if (kind === undefined) {
      unknown[entry.type] = (unknown[entry.type] ?? 0) + 1;
      continue;
    }
    const id = `import:${entry.id}`;
    const { event, opens, thin } = kind;
    if (event === undefined) continue;
    if (thin !== undefined) {
      tell(entry, id, event, { ...thin(entry), incident: asReference(incident) });
      continue;
    }
    const snapshot = (now: IncidentStatus) =>
      asWebhookData(incident, {
        ...known[at],
        status: now,
        resolve_reason: now === 'resolved' ? merged(at) : null,
      });
    if (status === undefined && event !== 'incident.triggered' && opens) {
      // The beginning is missing from the log: it is as old as the incident.
      const start = { ...entry, atMs: Math.min(incident.createdMs, entry.atMs), agent: null, channel: null };
      tell(start, `import:${incident.id}:trigger`, 'incident.triggered', snapshot('triggered'));
      status = 'triggered';
    }
    if (status === 'resolved' && opens) {
      tell(entry, `${id}:reopen`, 'incident.reopened', snapshot('triggered'));
      status = 'triggered';
      if (event === 'incident.triggered' || event === 'incident.reassigned') continue;
    } else if (isPartOfAnother(event, entry, beside(ordered, entry), incident, status)) continue;
    if (kind.once && second.types.has(event)) continue;
    second.types.add(event);
    status = kind.status ?? status;
    tell(entry, id, event, snapshot(status ?? incident.status));
  }
  complete(incident, status, ordered, tell);
  return { events, unknown };
}

/** A further alert, a second resolve, an assignment that belongs to something else. */
function isPartOfAnother(
  event: string,
  { atMs }: LogEntry,
  besides: ReadonlySet<string | undefined>,
  incident: AccountIncident,
  status: IncidentStatus | undefined,
): boolean {
  if (event === 'incident.triggered') return status !== undefined;
  if (event === 'incident.resolved') return status === 'resolved';
  if (event !== 'incident.reassigned') return false;
  if (atMs - incident.createdMs <= assignedWithCreationMs) return true;
  return ['incident.triggered', 'incident.delegated', 'incident.escalated'].some((type) => besides.has(type));
}

/** What else the entries of the same second are, before it or after it. */
const beside = (ordered: readonly LogEntry[], entry: LogEntry): Set<string | undefined> =>
  new Set(
    ordered.filter((each) => each.atMs === entry.atMs && each !== entry).map((each) => kindOf(each)?.event),
  );

/** Where the log ends otherwise than the incident is, the incident is right. */
function complete(
  incident: AccountIncident,
  status: IncidentStatus | undefined,
  ordered: readonly LogEntry[],
  tell: (entry: Pick<LogEntry, 'atMs' | 'agent' | 'channel'>, id: string, type: string, data: object) => void,
): void {
  const atMs = incident.lastStatusChangeMs ?? ordered.at(-1)?.atMs ?? incident.createdMs;
  const nobody = { agent: null, channel: null };
  const data = asWebhookData(incident, {
    service: incident.service,
    priority: incident.priority,
    status: incident.status,
    resolve_reason: incident.resolveReason,
  });
  if (status === undefined) {
    tell({ atMs: incident.createdMs, ...nobody }, `import:${incident.id}:trigger`, 'incident.triggered', {
      ...data,
      status: 'triggered',
      resolve_reason: null,
    });
  }
  if (status === 'resolved' && incident.status !== 'resolved') {
    const after = ordered.filter(({ type }) => type === 'resolve_log_entry').at(-1);
    tell({ atMs, ...nobody }, `import:${after?.id ?? incident.id}:reopen`, 'incident.reopened', data);
  }
  if (status !== 'resolved' && incident.status === 'resolved') {
    const resolvedMs = incident.resolvedMs ?? atMs;
    tell({ atMs: resolvedMs, ...nobody }, `import:${incident.id}:resolve`, 'incident.resolved', data);
  }
}

const lastResolve = (ordered: readonly LogEntry[]): number =>
  ordered.findLastIndex(({ type }) => type === 'resolve_log_entry');

/** Service and priority as of each entry: from how the incident is now, back through what changed them. */
function whatWasThen(
  { service, priority }: AccountIncident,
  ordered: readonly LogEntry[],
): { service: unknown; priority: unknown }[] {
  let then = { service, priority };
  const all: (typeof then)[] = [];
  for (const entry of ordered.toReversed()) {
    all.unshift(then);
    if (entry.type === 'service_change_log_entry') {
      then = { ...then, service: member(entry.channel, 'old_service') ?? then.service };
    } else if (entry.type === 'priority_change_log_entry') {
      then = { ...then, priority: member(entry.channel, 'old_priority') ?? null };
    }
  }
  return all;
}

function bodyOf(
  id: string,
  type: string,
  { atMs, agent, channel }: Pick<LogEntry, 'atMs' | 'agent' | 'channel'>,
  data: object,
): string {
  const name = readText(member(channel, 'client'), 255);
  return JSON.stringify({
    event: {
      id,
      event_type: type,
      resource_type: 'incident',
      occurred_at: new Date(atMs).toISOString(),
      agent,
      client:
        name === undefined ? null : { name, url: readText(member(channel, 'client_url'), 2048) ?? null },
      data,
    },
  });
}
