import type { BreakerState } from '../../domain/retry/breaker.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, scan, update } from '../database/request.ts';
import { type Reservation, reservationsIn } from './in-flight.ts';

const table = 'destinations';
/** So long a slow answer is remembered; noted anew at most so often. */
const slowForMs = 180_000;
const renewedAfterMs = 60_000;

export interface Breaker extends BreakerState {
  openedAtMs?: number;
  /** Kept up to date only while there are failures to compare it with: a healthy destination costs no write. */
  lastAcceptedAtMs?: number;
  /** The delivery that failed last, `<incident id>/<delivery id>`. */
  lastFailed?: string;
}

export const healthy: Breaker = { consecutiveFailures: 0, probes: 0 };

/** A destination's health and the version of its row, for writing it back conditionally. */
export interface Health {
  breaker: Breaker;
  revision: number;
  /** It was seen to answer slowly: until then only `sweep` waits for it. Epoch milliseconds. */
  slowUntilMs?: number;
  /** Who has reserved attempts at it; those whose time is over may be among them. */
  reservations: Reservation[];
  /** It was found to take no more of what it is told, and somebody has been warned. */
  retired?: true;
}

function toHealth(row: Row | undefined): Health {
  if (!row) return { breaker: healthy, revision: 0, reservations: [] };
  const ms = (name: string) => (typeof row[name] === 'string' ? Date.parse(row[name] as string) : undefined);
  const openedAtMs = ms('opened_at');
  const nextProbeAtMs = ms('next_probe_at');
  const lastAcceptedAtMs = ms('last_accepted_at');
  const slowUntilMs = ms('slow_until');
  return {
    revision: Number(row['revision'] ?? 0),
    ...(slowUntilMs === undefined ? {} : { slowUntilMs }),
    ...(row['retired_at'] === undefined ? {} : { retired: true }),
    reservations: reservationsIn(row),
    breaker: {
      consecutiveFailures: Number(row['consecutive_failures'] ?? 0),
      probes: Number(row['probes'] ?? 0),
      ...(openedAtMs === undefined ? {} : { openedAtMs }),
      ...(nextProbeAtMs === undefined ? {} : { nextProbeAtMs }),
      ...(lastAcceptedAtMs === undefined ? {} : { lastAcceptedAtMs }),
      ...(typeof row['last_failed'] === 'string' ? { lastFailed: row['last_failed'] } : {}),
    },
  };
}

/** A destination without a row has never failed. */
export async function readHealth(store: Store, destination: string): Promise<Health> {
  return toHealth(await get(store, table, { destination }));
}

/** Writes the breaker back unless somebody else has since it was read. */
export async function saveHealth(
  store: Store,
  destination: string,
  seen: Health,
  breaker: Breaker,
  lastError?: string,
): Promise<boolean> {
  const time = (ms: number | undefined) => (ms === undefined ? undefined : iso(ms));
  const row = await update(
    store,
    table,
    { destination },
    {
      set: {
        revision: seen.revision + 1,
        state: breaker.nextProbeAtMs === undefined ? 'closed' : 'open',
        consecutive_failures: breaker.consecutiveFailures,
        probes: breaker.probes,
        opened_at: time(breaker.openedAtMs),
        next_probe_at: time(breaker.nextProbeAtMs),
        last_accepted_at: time(breaker.lastAcceptedAtMs),
        last_failed: breaker.lastFailed,
        last_error: lastError,
      },
      when: seen.revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :seen',
      values: seen.revision === 0 ? {} : { seen: seen.revision },
    },
  );
  return row !== undefined;
}

/** Notes that the destination answers slowly; costs nothing where that was noted for about as long already. */
export async function noteSlow(store: Store, destination: string, nowMs: number): Promise<void> {
  const when = 'attribute_not_exists(#slow_until) OR #slow_until < :soon OR #slow_until > :until';
  const until = iso(nowMs + slowForMs);
  const values = { soon: iso(nowMs + slowForMs - renewedAfterMs), until };
  await update(store, table, { destination }, { set: { slow_until: until }, when, values });
}

/** Notes that the destination has stopped taking what it is told; `false` where that was noted before. */
export async function noteRetired(store: Store, destination: string, nowMs: number): Promise<boolean> {
  const change = { set: { retired_at: iso(nowMs) }, when: 'attribute_not_exists(#retired_at)' };
  return (await update(store, table, { destination }, change)) !== undefined;
}

/** The destination has answered well again and again. */
export async function noteSwift(store: Store, destination: string): Promise<void> {
  await update(
    store,
    table,
    { destination },
    { remove: ['slow_until'], when: 'attribute_exists(#slow_until)' },
  );
}

/** Names of all destinations that ever were configured: what a removed one is owed must still be found. */
export async function knownDestinations(store: Store): Promise<string[]> {
  const rows = await scan(store, table, { project: '#destination' });
  return rows.map((row) => String(row['destination']));
}

export async function registerDestination(store: Store, destination: string, nowMs: number): Promise<void> {
  await update(
    store,
    table,
    { destination },
    {
      set: { registered_at: iso(nowMs) },
      when: 'attribute_not_exists(#registered_at)',
    },
  );
}
