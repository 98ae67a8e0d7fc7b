import { iso, isUpcoming } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, update } from '../database/request.ts';

const table = 'destinations';

/** Attempts at a destination that a worker may have under way at once, until it is done or its time is over. */
export interface Reservation {
  /** The worker's token. */
  token: string;
  attempts: number;
  untilMs: number;
}

/** The reservations of a destination's row; with `nowMs` those whose time is not over. */
export function reservationsIn(row: Row | undefined, nowMs?: number): Reservation[] {
  const held = (row?.['in_flight'] ?? {}) as Record<string, { attempts: number; until: string }>;
  return Object.entries(held)
    .map(([token, { attempts, until }]) => ({ token, attempts, untilMs: Date.parse(until) }))
    .filter(({ untilMs }) => nowMs === undefined || isUpcoming(untilMs, nowMs));
}

/** Several workers may reserve at once; who loses so often leaves it to them. */
const tries = 5;

/** Reserves as many of the wanted attempts as `bound` leaves free; how many that are. */
export async function reserve(
  store: Store,
  destination: string,
  wanted: Reservation,
  bound: number,
  nowMs: number,
): Promise<number> {
  let granted = 0;
  const written = await change(store, destination, nowMs, (held) => {
    // A write whose answer was lost may have been made: what it reserved is ours.
    const others = held.filter(({ token }) => token !== wanted.token);
    const taken = others.reduce((sum, { attempts }) => sum + attempts, 0);
    granted = Math.max(0, Math.min(wanted.attempts, bound - taken));
    return granted === 0 ? undefined : [...others, { ...wanted, attempts: granted }];
  });
  return written ? granted : 0;
}

/** Gives a reservation back. One that is not given back ends by itself. */
export async function giveBack(
  store: Store,
  destination: string,
  token: string,
  nowMs: number,
): Promise<void> {
  await change(store, destination, nowMs, (held) => {
    const others = held.filter((each) => each.token !== token);
    return others.length === held.length ? undefined : others;
  });
}

async function change(
  store: Store,
  destination: string,
  nowMs: number,
  next: (held: Reservation[]) => Reservation[] | undefined,
): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const row = await get(store, table, { destination }, '#in_flight, #in_flight_revision');
    const reservations = next(reservationsIn(row, nowMs));
    if (!reservations) return false;
    const seen = row?.['in_flight_revision'] as number | undefined;
    const inFlight = Object.fromEntries(
      reservations.map(({ token, attempts, untilMs }) => [token, { attempts, until: iso(untilMs) }]),
    );
    const written = await update(
      store,
      table,
      { destination },
      {
        set: {
          in_flight: reservations.length > 0 ? inFlight : undefined,
          in_flight_revision: (seen ?? 0) + 1,
        },
        when:
          seen === undefined ? 'attribute_not_exists(#in_flight_revision)' : '#in_flight_revision = :seen',
        values: seen === undefined ? {} : { seen },
      },
    );
    if (written) return true;
  }
  return false;
}
