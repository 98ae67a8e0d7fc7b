import storage, { type LevelDb, type LevelRange } from 'dynalite/db/index.js';

const perPage = 64;

/**
 * dynalite opens an iterator for every query and scan and closes none, and each one holds on to memory and to files
 * that could be compacted. So what it iterates over is read in pages instead, each from an iterator of its own
 * that is closed with its page; nothing stays open between pages, however a query ends. To be called once, before
 * a database is created.
 */
export function iterateInPages(): void {
  const create = storage.create.bind(storage);
  storage.create = (options) => {
    const store = create(options);
    store.db.values = (range) => paged(store.db, range, ([, value]) => value);
    store.db.keys = (range) => paged(store.db, range, ([key]) => key);
    return store;
  };
}

/** As the iterators of LevelDB do: `undefined` at the end. */
function paged<T>(db: LevelDb, range: LevelRange = {}, pick: (entry: [string, unknown]) => T) {
  let rest: LevelRange = range;
  let left = range.limit === undefined || range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit;
  let page: [string, unknown][] = [];
  let ended = false;
  return {
    async next(): Promise<T | undefined> {
      if (page.length === 0 && !ended && left > 0) {
        const limit = Math.min(perPage, left);
        page = await db.iterator({ ...rest, limit }).all();
        ended = page.length < limit;
        left -= page.length;
        const last = page.at(-1)?.[0];
        if (last !== undefined) rest = after(rest, last);
      }
      const entry = page.shift();
      return entry && pick(entry);
    },
  };
}

/** What of a range is left when everything up to `key` has been read. */
function after({ gt, gte, lt, lte, ...range }: LevelRange, key: string): LevelRange {
  if (range.reverse) {
    return { ...range, lt: key, ...(gt === undefined ? {} : { gt }), ...(gte === undefined ? {} : { gte }) };
  }
  return { ...range, gt: key, ...(lt === undefined ? {} : { lt }), ...(lte === undefined ? {} : { lte }) };
}
