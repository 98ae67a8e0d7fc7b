import type { Server } from 'node:http';
import dynalite from 'dynalite';
import storage, { type DynaliteStore, type LevelDb, type LevelRange } from 'dynalite/db/index.js';
import { failuresAsAnswers } from './storage-failures.ts';

const options = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
const perPage = 64;

/** dynalite's storage in a folder, or in memory without one; to be opened by the caller. */
export function createStore(path?: string): DynaliteStore {
  const store = storage.create({ ...options, ...(path !== undefined && { path }) });
  iterateInPages(store.db);
  failuresAsAnswers(store.db);
  return store;
}

/**
 * A server over this storage and no other. dynalite always creates its own, which would open the folder a second
 * time: between the two, another process could take it.
 */
export function serveStore(store: DynaliteStore): Server {
  const { create } = storage;
  storage.create = () => store;
  try {
    return dynalite(options);
  } finally {
    storage.create = create;
  }
}

/**
 * dynalite opens an iterator for every query and scan and closes none, and each one holds on to memory and to files
 * that could be compacted. So what it iterates over is read in pages, each from an iterator of its own that is
 * closed with its page; nothing stays open between pages, however a query ends.
 */
function iterateInPages(db: LevelDb): void {
  db.values = (range) => paged(db, range, ([, value]) => value);
  db.keys = (range) => paged(db, range, ([key]) => key);
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
