import type { Clock } from '../../ports.ts';
import { batchWrite, type Write } from '../database/batch-write.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { query, remove, update } from '../database/request.ts';
import { pushRows } from './push-rows.ts';
import { readPush } from './reader.ts';
import { generationLookup, sourceLookup } from './rows.ts';

const table = 'catalog';
const hour = 3_600_000;
/** A reader that has just read the pointer still needs what it points to; a day is more than enough. */
const keptMs = 24 * hour;
/** A push that is not in force and younger than this may be another one's work in progress. */
const inProgressMs = hour;

interface Leftover {
  pushId: string;
  /** Sort keys of its source rows. */
  rows: string[];
  /** The latest of its rows; absent as long as one of them is not marked. */
  expiresAt?: number;
}

/**
 * Gives everything of this source that is not in force an end: pushes that were superseded, also by a push that
 * was killed before it got here, and pushes that were killed before they took effect. `superseded` is known to
 * be out of force, however young it is.
 */
export async function retireLeftovers(
  store: Store,
  clock: Clock,
  source: string,
  inForcePush: string | undefined,
  superseded: string | undefined,
): Promise<void> {
  const now = clock.now();
  for (const leftover of await leftovers(store, source, inForcePush)) {
    const { pushId, expiresAt } = leftover;
    if (expiresAt !== undefined && expiresAt * 1000 > now) continue;
    if (expiresAt === undefined && pushId !== superseded && now - startOf(pushId) < inProgressMs) continue;

    const { lookups } = pushRows(source, pushId, await readPush(store, source, pushId));
    const end = expiresAt === undefined ? expiring(now) : deleting;
    await batchWrite(store, clock, table, lookups.map(end));
    await endSourceRows(store, source, leftover, now);
  }
}

/** They go last: as long as one is unmarked or there, the next push finds what is left to do. */
async function endSourceRows(store: Store, source: string, leftover: Leftover, now: number): Promise<void> {
  for (const generation of leftover.rows) {
    const key = { lookup: sourceLookup(source), generation };
    if (leftover.expiresAt !== undefined) await remove(store, table, key);
    else
      await update(store, table, key, {
        set: { expires_at: expiryOf(now) },
        when: 'attribute_exists(#lookup)',
      });
  }
}

/** Generations below the one in force can never be in force again. */
export async function retireGenerations(store: Store, clock: Clock, current: string): Promise<void> {
  const now = clock.now();
  const rows = await query(store, table, {
    keys: '#lookup = :lookup AND #generation < :current',
    values: { lookup: generationLookup, current },
    filter: 'attribute_not_exists(#expires_at)',
    project: '#generation',
  });
  for (const { generation } of rows) {
    await update(
      store,
      table,
      { lookup: generationLookup, generation },
      { set: { expires_at: expiryOf(now) }, when: 'attribute_exists(#lookup)' },
    );
  }
}

async function leftovers(store: Store, source: string, inForcePush: string | undefined): Promise<Leftover[]> {
  const rows = await query(store, table, {
    keys: '#lookup = :lookup',
    values: { lookup: sourceLookup(source) },
    project: '#generation, #push_id, #expires_at',
  });
  const pushes = new Map<string, Row[]>();
  for (const row of rows) {
    const pushId = String(row['push_id']);
    if (pushId !== inForcePush) pushes.set(pushId, [...(pushes.get(pushId) ?? []), row]);
  }
  return [...pushes].map(([pushId, own]) => {
    const ends = own.map((row) => Number(row['expires_at'] ?? Number.NaN));
    return {
      pushId,
      rows: own.map((row) => String(row['generation'])),
      ...(ends.some(Number.isNaN) ? {} : { expiresAt: Math.max(...ends) }),
    };
  });
}

/** Push ids begin with the time they were made. */
function startOf(pushId: string): number {
  const started = Date.parse(pushId.slice(0, 24));
  return Number.isNaN(started) ? 0 : started;
}

const expiryOf = (now: number): number => Math.ceil((now + keptMs) / 1000);
const expiring =
  (now: number) =>
  (row: Row): Write => ({ put: { ...row, expires_at: expiryOf(now) } });
const deleting = ({ lookup, generation }: Row): Write => ({ delete: { lookup, generation } });
