import type { Searchable } from '../../../domain/dora/query.ts';
import type { ListRequest } from '../../../domain/dora/read-list.ts';

/** What an index tells of one thing: enough to say where in a list it would stand. */
export interface Candidate {
  key: string;
  /** ISO 8601. */
  startedAt: string;
}

/** One thing as it is answered, and what it is searched by. */
export interface Found {
  resource: { id: string; type: string; attributes: Readonly<Record<string, unknown>> };
  searchable: Searchable;
}

export interface Listed {
  /** Those that were over on a day (`2026-03-02`, UTC). */
  ofDay(day: string): Promise<Candidate[]>;
  /** Those that are not. */
  open(): Promise<Candidate[]>;
  load(key: string): Promise<Found | undefined>;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Days, and rows, that are asked for side by side. */
const together = 16;

/**
 * The things that started between two times, in their order, as many as are wanted. The index knows the day on which
 * a thing was over, never earlier than its start; so the newest are found without looking at every day there is.
 *
 *   from ├──────── started ────────┤ to           now
 *        ├── days on which it can have been over ──┤
 */
export async function collect(
  listed: Listed,
  request: ListRequest,
  { nowMs, keptDays }: { nowMs: number; keptDays: number },
): Promise<Found['resource'][]> {
  const { to = Number.POSITIVE_INFINITY, limit, newestFirst, matches } = request;
  // Nothing is kept longer, and each day is a query.
  const from = Math.max(request.from ?? 0, nowMs - keptDays * dayMs);
  const within = ({ startedAt }: Candidate) => Date.parse(startedAt) >= from && Date.parse(startedAt) <= to;
  const found: Found['resource'][] = [];
  let waiting = (await listed.open()).filter(within);

  const take = async (ready: readonly Candidate[]) => {
    for (let first = 0; first < ready.length && found.length < limit; first += together) {
      const loaded = await Promise.all(
        ready.slice(first, first + together).map(({ key }) => listed.load(key)),
      );
      for (const each of loaded)
        if (each && found.length < limit && matches(each.searchable)) found.push(each.resource);
    }
  };

  const days = daysBetween(from, nowMs + dayMs);
  for (let last = days.length; last > 0 && found.length < limit; last -= together) {
    const asked = days.slice(Math.max(0, last - together), last);
    const more = (await Promise.all(asked.map((day) => listed.ofDay(day)))).flat().filter(within);
    waiting = [...waiting, ...more].sort(byStart(newestFirst));
    if (!newestFirst) continue;
    // Whatever is on an earlier day was over, and so began, before this one.
    const [earliest = ''] = asked;
    await take(waiting.filter(({ startedAt }) => startedAt >= earliest));
    waiting = waiting.filter(({ startedAt }) => startedAt < earliest);
  }
  await take(waiting);
  return found;
}

const byStart = (newestFirst: boolean) => (a: Candidate, b: Candidate) => {
  const order = a.startedAt === b.startedAt ? (a.key < b.key ? -1 : 1) : a.startedAt < b.startedAt ? -1 : 1;
  return newestFirst ? -order : order;
};

function daysBetween(fromMs: number, toMs: number): string[] {
  const days: string[] = [];
  for (let ms = Math.floor(fromMs / dayMs) * dayMs; ms <= toMs; ms += dayMs)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}
