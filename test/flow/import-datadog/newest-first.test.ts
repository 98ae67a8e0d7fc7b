import * as fc from 'fast-check';
import { newestFirst, type Page } from '../../../lib/flow/import-datadog/newest-first.ts';
import { datadogLists } from './datadog-lists.ts';

const startOf = (item: unknown) =>
  Date.parse((item as { attributes: { started_at: string } }).attributes.started_at);
const item = (id: string, atMs: number) => ({ id, attributes: { started_at: new Date(atMs).toISOString() } });
const base = Date.parse('2026-03-02T00:00:00.000Z');

async function readAll(
  items: ReturnType<typeof item>[],
  cap: number,
  range = { fromMs: base, toMs: base + 100_000 },
) {
  const server = datadogLists({ items, cap });
  const pages: Page[] = [];
  for await (const page of newestFirst(server.ask, range, startOf)) pages.push(page);
  return {
    pages,
    ids: pages.flatMap((page) => page.items.map((each) => (each as { id: string }).id)),
    server,
  };
}

describe('a list without a cursor', () => {
  it('is read whole, each thing once, whatever a server gives at once, as long as no moment is fuller than a page', async () => {
    const things = fc.array(fc.nat(90_000), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(things, fc.integer({ min: 2, max: 25 }), async (offsets, cap) => {
        const items = [...new Set(offsets)].flatMap((offset) =>
          Array.from({ length: (offset % (cap - 1)) + 1 }, (_, index) =>
            item(`${offset}-${index}`, base + offset),
          ),
        );
        const { ids, pages, server } = await readAll(items, cap);
        expect([...ids].sort()).toEqual(items.map(({ id }) => id).sort());
        expect(pages.flatMap(({ crowdedAtMs }) => crowdedAtMs ?? [])).toEqual([]);
        expect(server.requests).toBeLessThan(3 * items.length + 3);
      }),
      { numRuns: 60 },
    );
  });

  it('says at which moment there was more than a page holds, and goes on before it', async () => {
    const crowd = Array.from({ length: 7 }, (_, index) => item(`crowd-${index}`, base + 50_000));
    const { ids, pages } = await readAll([item('new', base + 60_000), ...crowd, item('old', base + 1)], 3);
    expect(ids).toEqual(expect.arrayContaining(['new', 'old']));
    expect(pages.flatMap(({ crowdedAtMs }) => crowdedAtMs ?? [])).toEqual([base + 50_000]);
  });

  it('ends where nothing is, and where things have no time', async () => {
    expect((await readAll([], 10)).ids).toEqual([]);
    const server = datadogLists({ items: [], cap: 5 });
    const timeless = async () => [{ id: 'a' }, { id: 'b' }];
    const pages: Page[] = [];
    for await (const page of newestFirst(timeless, { fromMs: base, toMs: base + 3 }, () => undefined))
      pages.push(page);
    expect(pages.flatMap(({ items }) => items)).toHaveLength(2);
    expect(server.requests).toBe(0);
  });
});
