import type { LevelDb } from 'dynalite/db/index.js';
import fc from 'fast-check';
import { createStore } from '../../lib/local/embedded-store.ts';

async function filled(keys: readonly string[]): Promise<LevelDb> {
  const { db } = createStore();
  await db.open();
  await db.batch(keys.map((key) => ({ type: 'put', key, value: `value of ${key}` })));
  return db;
}

async function drained(iterator: { next(): Promise<unknown> }): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let value = await iterator.next(); value !== undefined; value = await iterator.next()) all.push(value);
  return all;
}

describe('iterating over the embedded database', () => {
  it('gives what lies in any range, in either direction, up to any limit', async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 });
    const bound = fc.option(key, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 200 }),
        fc.record({ lower: bound, upper: bound, open: fc.boolean(), reverse: fc.boolean() }),
        fc.integer({ min: -1, max: 150 }),
        async (keys, { lower, upper, open, reverse }, limit) => {
          const db = await filled(keys);
          const range = {
            ...(lower === undefined ? {} : open ? { gt: lower } : { gte: lower }),
            ...(upper === undefined ? {} : open ? { lt: upper } : { lte: upper }),
            reverse,
            limit,
          };
          const inRange = keys
            .filter((each) => lower === undefined || (open ? each > lower : each >= lower))
            .filter((each) => upper === undefined || (open ? each < upper : each <= upper))
            .sort();
          const ordered = reverse ? inRange.reverse() : inRange;
          const wanted = limit < 0 ? ordered : ordered.slice(0, limit);
          expect(await drained(db.keys(range))).toEqual(wanted);
          expect(await drained(db.values(range))).toEqual(wanted.map((each) => `value of ${each}`));
          await db.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves nothing open, not even when it is given up half-way', async () => {
    const db = await filled(Array.from({ length: 500 }, (_, at) => `key-${String(at).padStart(3, '0')}`));
    let open = 0;
    const { iterator } = db;
    db.iterator = (range) => {
      const real = iterator.call(db, range);
      open += 1;
      const close = (real as unknown as { close(): Promise<void> }).close.bind(real);
      return Object.assign(real, {
        close: async () => {
          open -= 1;
          await close();
        },
      });
    };
    const givenUp = db.values({ gte: 'key-' });
    for (let read = 0; read < 100; read++) await givenUp.next();
    await drained(db.values({ gte: 'key-' }));
    expect(open).toBe(0);
    await db.close();
  });
});
