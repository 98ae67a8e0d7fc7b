import { inParallel } from '../../store/database/in-parallel.ts';

/** Runs `work` on every item, at most `limit` at a time; the first failure is thrown after all have ended. */
export async function forEachLimited<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  await inParallel([...items], limit, (item) => work(item).catch((error) => void failures.push(error)));
  if (failures.length > 0) throw failures[0];
}
