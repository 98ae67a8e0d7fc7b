import { dueShards } from './due.ts';
import type { Store } from './dynamo.ts';
import type { Row } from './marshalled.ts';
import { pagesOf } from './pages.ts';

/** A row of an index by day: when it ended or, open, began, and what it is chosen by. */
export interface ByDay {
  id: string;
  /** ISO 8601. */
  at: string;
  facts: Row;
}

/** From when to when is looked through, epoch milliseconds; `pageSize` rows are read of a day at once. */
export interface Walk {
  fromMs: number;
  toMs: number;
  pageSize: number;
}

const dayMs = 86_400_000;
/** So many days are looked at side by side in the end, where there is little in each. */
const mostDaysAtOnce = 32;
const idOf = { incidents: 'incident_id', deployments: 'deployment_id' };

/**
 * Incidents or deployments, the newest first, by their index: those that are open by their beginning, the others by
 * their end. Costs what is taken, however large the table is. Rows that have no day are not among them.
 *
 *     open#0 ─┐
 *     …       ├─▶ of all, the newest at each step
 *     open#7 ─┤
 *     days ───┘   today, yesterday, …
 */
export async function* newestByDay(
  store: Store,
  table: keyof typeof idOf,
  walk: Walk,
): AsyncGenerator<ByDay> {
  const shards = Array.from({ length: dueShards }, (_, shard) => ofDay(store, table, `open#${shard}`, walk));
  yield* merged([...shards, ended(store, table, walk)]);
}

/** Of several sequences, each newest first, one that is. */
export async function* merged(sources: readonly AsyncGenerator<ByDay>[]): AsyncGenerator<ByDay> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let newest = -1;
    for (const [index, { done, value }] of heads.entries()) {
      const best = heads[newest];
      if (!done && (best === undefined || best.done || value.at > best.value.at)) newest = index;
    }
    const head = heads[newest];
    if (!head || head.done) return;
    yield head.value;
    heads[newest] = await (sources[newest] as AsyncGenerator<ByDay>).next();
  }
}

/**
 * The rows that belong to what is walked over, in its order, until `most` of it was looked at. `rowsOf` reads what
 * belongs to several, in their order.
 */
export async function* rowsAlong(
  newest: AsyncGenerator<ByDay>,
  { fits, atOnce, most = Infinity }: { fits(each: ByDay): boolean; atOnce: number; most?: number },
  rowsOf: (several: readonly ByDay[]) => Promise<Row[]>,
): AsyncGenerator<Row> {
  const batch: ByDay[] = [];
  let looked = 0;
  const read = () => rowsOf(batch.splice(0));
  for await (const each of newest) {
    if (fits(each)) batch.push(each);
    if (batch.length >= atOnce) yield* await read();
    if (++looked >= most) break;
  }
  yield* await read();
}

/** Day by day backwards; of several days the first pages are asked for together. */
async function* ended(store: Store, table: keyof typeof idOf, walk: Walk): AsyncGenerator<ByDay> {
  let atOnce = 1;
  // What is dated up to a day ahead of this machine's clock is there, too.
  for (let day = walk.toMs + dayMs; day > walk.fromMs - dayMs; ) {
    const days: AsyncGenerator<ByDay>[] = [];
    for (; days.length < atOnce && day > walk.fromMs - dayMs; day -= dayMs)
      days.push(ofDay(store, table, new Date(day).toISOString().slice(0, 10), walk));
    const firsts = await Promise.all(days.map((each) => each.next()));
    for (const [index, first] of firsts.entries()) {
      if (first.done) continue;
      yield first.value;
      yield* days[index] as AsyncGenerator<ByDay>;
    }
    atOnce = Math.min(atOnce * 2, mostDaysAtOnce);
  }
}

async function* ofDay(
  store: Store,
  table: keyof typeof idOf,
  day: string,
  { pageSize }: Walk,
): AsyncGenerator<ByDay> {
  const wanted = { index: 'by_day', keys: '#day = :day', values: { day }, descending: true };
  for await (const page of pagesOf(store, table, wanted, pageSize)) {
    for (const row of page)
      yield {
        id: String(row[idOf[table]]),
        at: String(row['at']),
        facts: (row['facts'] ?? {}) as Row,
      };
  }
}
