import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { dueShard, iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, queryAs, update } from '../database/request.ts';

/** Names one event in the log. */
export interface EventKey {
  incidentId: string;
  logKey: string;
}

const rowKey = (key: EventKey): Row => ({ incident_id: key.incidentId, log_key: key.logKey });

/** An event and the due mark it was seen with. */
export interface DueEvent extends EventKey {
  dueAt: string;
}

export function toLoggedEvent(row: Row): LoggedEvent {
  const text = (name: string): string => String(row[name] ?? '');
  const optional = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const envHeader = optional('env_header');
  const webhookId = optional('webhook_id');
  const subscriptionId = optional('subscription_id');
  const dueAt = optional('due_at');
  const imported = optional('imported');
  return {
    incidentId: text('incident_id'),
    logKey: text('log_key'),
    eventId: text('event_id'),
    eventType: text('event_type'),
    occurredAt: text('occurred_at'),
    receivedAt: text('received_at'),
    body: text('body'),
    ...(dueAt ? { dueAt } : {}),
    ...(envHeader ? { envHeader } : {}),
    ...(webhookId ? { webhookId } : {}),
    ...(subscriptionId ? { subscriptionId } : {}),
    ...(imported === 'history' || imported === 'repair' ? { imported } : {}),
  };
}

/** The log of one incident in its order, consistently and to the last page; `after` is exclusive. */
export async function readLog(store: Store, incidentId: string, after?: string): Promise<LoggedEvent[]> {
  return readLogAs(store, incidentId, after, (event) => event);
}

/** The same, keeping of each event only what `keep` makes of it: all bodies at once may not fit into memory. */
export async function readLogAs<T>(
  store: Store,
  incidentId: string,
  after: string | undefined,
  keep: (event: LoggedEvent) => T,
): Promise<T[]> {
  const wanted = {
    keys: after === undefined ? '#incident_id = :id' : '#incident_id = :id AND #log_key > :after',
    values: after === undefined ? { id: incidentId } : { id: incidentId, after },
  };
  return queryAs(store, 'events', wanted, (row) => keep(toLoggedEvent(row)));
}

/** All events in a log, without their bodies. */
export async function loggedEvents(
  store: Store,
  incidentId: string,
): Promise<Pick<LoggedEvent, 'eventId' | 'logKey' | 'eventType' | 'occurredAt' | 'subscriptionId'>[]> {
  const project = '#event_id, #log_key, #event_type, #occurred_at, #subscription_id';
  return queryAs(
    store,
    'events',
    { keys: '#incident_id = :id', values: { id: incidentId }, project },
    toLoggedEvent,
  );
}

export async function readEvent(store: Store, key: EventKey): Promise<LoggedEvent | undefined> {
  const row = await get(store, 'events', rowKey(key));
  return row && toLoggedEvent(row);
}

/** The due mark an event carries now, if it carries one. */
export async function readDueAt(store: Store, key: EventKey): Promise<string | undefined> {
  const row = await get(store, 'events', rowKey(key), '#due_at');
  return typeof row?.['due_at'] === 'string' ? row['due_at'] : undefined;
}

/** What is written down when the mark goes: nothing while the event is held. What stood there before goes too. */
export interface Settling {
  /** Epoch seconds. */
  expiresAt?: number;
  outcome?: string;
}

/**
 * Takes the due mark away: everything the event owes stands in durable rows, or it is held. Only the mark that was
 * seen before that was found out goes: one that was put there since stands for what somebody else owes.
 */
export async function settleEvent(store: Store, seen: DueEvent, settling: Settling = {}): Promise<void> {
  const { expiresAt, outcome } = settling;
  await update(store, 'events', rowKey(seen), {
    set: { ...(expiresAt === undefined ? {} : { expires_at: expiresAt }), ...(outcome ? { outcome } : {}) },
    // A note that was let go can be told after all, once its incident has a service.
    remove: ['due_shard', 'due_at', 'failures', ...(outcome ? [] : ['outcome'])],
    when: 'attribute_exists(#incident_id) AND #due_at = :seen',
    values: { seen: seen.dueAt },
  });
}

/** Puts the mark that was seen off: the event waits for others until then. Nothing failed. */
export async function deferEvent(store: Store, seen: DueEvent, dueAtMs: number): Promise<void> {
  await update(store, 'events', rowKey(seen), {
    set: { due_shard: dueShard(seen.incidentId), due_at: iso(dueAtMs) },
    remove: ['failures'],
    when: 'attribute_exists(#incident_id) AND #due_at = :seen',
    values: { seen: seen.dueAt },
  });
}

/** Moves the due mark to a later time; `failed` counts a failure. The number of failures so far, if it exists. */
export async function postponeEvent(
  store: Store,
  key: EventKey,
  dueAtMs: number,
  failed: boolean,
): Promise<number | undefined> {
  const row = await update(store, 'events', rowKey(key), {
    set: { due_shard: dueShard(key.incidentId), due_at: iso(dueAtMs) },
    ...(failed ? { add: { failures: 1 } } : {}),
    when: 'attribute_exists(#due_at)',
  });
  return row && Number(row['failures'] ?? 0);
}

/**
 * Makes an event due, held or settled as it may be: it is about to be frozen, or somebody asks for it to be looked
 * at. Nothing expires while it is due. The new mark, if the event exists.
 */
export async function markEventDue(
  store: Store,
  key: EventKey,
  dueAtMs: number,
): Promise<DueEvent | undefined> {
  const dueAt = iso(dueAtMs);
  const row = await update(store, 'events', rowKey(key), {
    set: { due_shard: dueShard(key.incidentId), due_at: dueAt },
    remove: ['expires_at'],
    when: 'attribute_exists(#incident_id)',
  });
  return row && { ...key, dueAt };
}

/** The events of one shard that have become due since `fromMs`, longest due first. */
export async function dueEvents(
  store: Store,
  shard: string,
  nowMs: number,
  limit: number,
  fromMs = 0,
): Promise<DueEvent[]> {
  if (fromMs > nowMs) return [];
  const rows = await query(store, 'events', {
    index: 'due',
    keys: '#due_shard = :shard AND #due_at BETWEEN :from AND :now',
    values: { shard, from: iso(fromMs), now: iso(nowMs) },
    limit,
  });
  return rows.map(toDueEvent);
}

/** Events of one shard whose due marks are further ahead than `beyondMs`. */
export async function eventsDueBeyond(store: Store, shard: string, beyondMs: number): Promise<DueEvent[]> {
  const rows = await query(store, 'events', {
    index: 'due',
    keys: '#due_shard = :shard AND #due_at > :beyond',
    values: { shard, beyond: iso(beyondMs) },
  });
  return rows.map(toDueEvent);
}

/** Moves a due mark, unless it has been moved since it was seen. */
export async function moveEvent(store: Store, { dueAt, ...key }: DueEvent, toMs: number): Promise<void> {
  await update(store, 'events', rowKey(key), {
    set: { due_at: iso(toMs) },
    when: '#due_at = :seen',
    values: { seen: dueAt },
  });
}

const toDueEvent = (row: Row): DueEvent => ({
  incidentId: String(row['incident_id']),
  logKey: String(row['log_key']),
  dueAt: String(row['due_at']),
});

/** Those of the given log keys whose events still carry a due mark: the others need no attention any more. */
export async function eventsStillDue(
  store: Store,
  incidentId: string,
  logKeys: readonly string[],
): Promise<string[]> {
  const unique = [...new Set(logKeys)];
  const due: string[] = [];
  for (const logKey of unique) {
    if ((await readDueAt(store, { incidentId, logKey })) !== undefined) due.push(logKey);
  }
  return due;
}

/** The last event of an incident's log. */
export async function lastEventKey(store: Store, incidentId: string): Promise<EventKey | undefined> {
  const [row] = await query(store, 'events', {
    keys: '#incident_id = :id',
    values: { id: incidentId },
    project: '#log_key',
    limit: 1,
    descending: true,
  });
  return row && { incidentId, logKey: String(row['log_key']) };
}
