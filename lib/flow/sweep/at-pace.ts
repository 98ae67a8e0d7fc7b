/**
 * Runs `work` on each item, as many at once as `atOnce` says at that moment, until the items are used up or `enough`.
 * The first failure is thrown after all that were begun have ended.
 */
export async function atPace<Item>(
  items: Iterable<Item>,
  { atOnce, enough }: { atOnce(): number; enough(): boolean },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (;;) {
    while (underWay.size < atOnce() && !enough() && failures.length === 0) {
      const next = iterator.next();
      if (next.done) break;
      const one: Promise<void> = work(next.value)
        .catch((error) => void failures.push(error))
        .finally(() => void underWay.delete(one));
      underWay.add(one);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  if (failures.length > 0) throw failures[0];
}
