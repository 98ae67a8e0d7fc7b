import type { Store } from '../store/database/dynamo.ts';
import type { Row } from '../store/database/marshalled.ts';
import type { Walk } from '../store/database/newest-by-day.ts';
import { firstRows } from '../store/database/pages.ts';
import type { TableName } from '../store/database/table-definitions.ts';
import { type Io, wrongUsage } from './io.ts';

/** So many rows are one cheap request. */
const fewRows = 100;
/** As far back as rows are kept by default, and some. */
const longestMs = 1_100 * 86_400_000;
const everything = Number.MAX_SAFE_INTEGER;

export interface Listing {
  rows: Row[];
  /** Absent where there may be more than are shown: they were not counted. */
  total?: number;
}

/** How rows of a table are listed. */
export interface Listed {
  table: TableName;
  fits(row: Row): boolean;
  timeOf(row: Row): string;
  /** The newest first, from an index. */
  walk(walk: Walk): AsyncIterable<Row>;
  /** All of them that may fit, in any order. */
  every(): AsyncIterable<Row>;
  /** Nothing older is looked for, epoch milliseconds. */
  sinceMs?: number | undefined;
}

/**
 * The newest rows that fit, read from an index: what is read depends on how many are wanted, not on the table. A small
 * table is read as it is. Where the index has fewer than are wanted, the table is read after all: rows that an older
 * version has written have no place in the index yet.
 */
export async function newestListed(
  store: Store,
  io: Pick<Io, 'now'>,
  { table, fits, timeOf, walk, every, sinceMs }: Listed,
  limit: number,
): Promise<Listing> {
  if (limit !== everything) {
    const { rows, isAll } = await firstRows(store, table, fewRows);
    if (isAll) return newest(fitting(rows, fits), timeOf, limit);
    const now = io.now();
    const found: Row[] = [];
    const wanted = { fromMs: sinceMs ?? now - longestMs, toMs: now, pageSize: Math.min(limit, 200) };
    for await (const row of walk(wanted)) if (found.push(row) >= limit) return { rows: found };
  }
  return newest(fitting(every(), fits), timeOf, limit);
}

/** `12 incidents`, or how many are shown of how many; that there are more, where they were not counted. */
export function saidCount({ rows, total }: Listing, counted: (count: number) => string): string {
  if (total === undefined) return `The newest ${counted(rows.length)}; --limit shows more.\n`;
  return `${counted(total)}${total > rows.length ? `, the newest ${rows.length} shown` : ''}\n`;
}

async function* fitting(rows: Iterable<Row> | AsyncIterable<Row>, fits: (row: Row) => boolean) {
  for await (const row of rows) if (fits(row)) yield row;
}

/** Keeps the newest rows by an ISO time, and how many there were, without holding all of them. */
export async function newest<Row>(
  rows: AsyncIterable<Row>,
  timeOf: (row: Row) => string,
  limit: number,
): Promise<{ rows: Row[]; total: number }> {
  let kept: Row[] = [];
  let total = 0;
  const byTime = (a: Row, b: Row) => (timeOf(a) < timeOf(b) ? 1 : -1);
  for await (const row of rows) {
    total++;
    kept.push(row);
    if (kept.length >= limit * 2 + 100) kept = kept.sort(byTime).slice(0, limit);
  }
  return { rows: kept.sort(byTime).slice(0, limit), total };
}

export const limitOption = [
  '--limit <n>',
  'show at most so many, the newest first (100; with --json all)',
] as const;

export function limitOf({ limit, json }: { limit?: string; json?: true }): number {
  if (limit === undefined) return json ? everything : 100;
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit);
  throw wrongUsage(`--limit must be a number from 1, not "${limit}".`);
}
