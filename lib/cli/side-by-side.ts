import { inParallel } from '../store/database/in-parallel.ts';

/** So many incidents are worked on at once: enough to hide what the network takes, few enough for its throttling. */
const atOnce = 16;

/**
 * Works on everything that belongs to one incident in order, and on several incidents side by side; `done` is told
 * how many are. Whoever stops it begins anew and finds what is done already as done.
 */
export async function incidentByIncident<Key extends { incidentId: string }>(
  keys: readonly Key[],
  work: (key: Key) => Promise<void>,
  done: (count: number) => void,
): Promise<void> {
  const byIncident = new Map<string, Key[]>();
  for (const key of keys) {
    const own = byIncident.get(key.incidentId);
    if (own) own.push(key);
    else byIncident.set(key.incidentId, [key]);
  }
  let count = 0;
  await inParallel([...byIncident.values()], atOnce, async (own) => {
    for (const key of own) {
      await work(key);
      done(++count);
    }
  });
}
