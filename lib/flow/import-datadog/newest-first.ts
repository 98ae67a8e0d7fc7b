/** The things of one list that started in [fromMs, toMs], both ends in it; at most so many as the server gives. */
export type AskForPage = (range: { fromMs: number; toMs: number }) => Promise<unknown[]>;

export interface Page {
  /** What has not come before. */
  items: unknown[];
  /** Everything that started after this has been seen, in epoch milliseconds. */
  reachedMs: number;
  /** More may have started at this very moment than a page holds. */
  crowdedAtMs?: number;
}

/**
 * A list without a cursor, from the newest to the oldest: each page is asked for up to where the one before ended.
 * That end is in it once more, since more may have started at the same moment.
 *
 *     to ◀──────── page ────────▶ start of its oldest = to ◀──────── page ────────▶ …      from
 *
 * A page of nothing new is passed by a millisecond. Ends with an empty page, whatever a server takes for a full one,
 * and with one of nothing new that has no time.
 */
export async function* newestFirst(
  ask: AskForPage,
  range: { fromMs: number; toMs: number },
  startOf: (item: unknown) => number | undefined,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let { toMs } = range;
  /** What a server gives at once is known by what it has given. */
  let largest = 0;
  while (toMs >= range.fromMs) {
    const page = await ask({ fromMs: range.fromMs, toMs });
    if (page.length === 0) return;
    largest = Math.max(largest, page.length);
    const items = page.filter((item) => !seen.has(keyOf(item)));
    for (const item of items) seen.add(keyOf(item));
    const starts = page.flatMap((item) => startOf(item) ?? []);
    if (items.length === 0 && starts.length === 0) return;
    const oldest = Math.min(toMs, ...starts);
    const stuck = items.length === 0 || (oldest === toMs && starts.every((start) => start >= toMs));
    const next = stuck ? Math.min(oldest, toMs) - 1 : oldest;
    yield {
      items,
      reachedMs: next,
      ...(stuck && items.length > 0 && page.length === largest && { crowdedAtMs: toMs }),
    };
    toMs = next;
  }
}

function keyOf(item: unknown): string {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : JSON.stringify(item);
}
