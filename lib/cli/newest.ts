import { wrongUsage } from './io.ts';

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
  if (limit === undefined) return json ? Number.MAX_SAFE_INTEGER : 100;
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit);
  throw wrongUsage(`--limit must be a number from 1, not "${limit}".`);
}
