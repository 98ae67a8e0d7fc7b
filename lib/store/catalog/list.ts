import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { readConsistently, readSource } from './reader.ts';
import { partOf } from './rows.ts';

export interface ListedSource {
  source: string;
  pushedAt: string;
  entries: CatalogEntry[];
}

export interface ListedCatalog {
  generation: string;
  sources: ListedSource[];
}

const place = (entry: CatalogEntry) => `${entry.name}\n${entry.type === 'team' ? 'team' : entry.kind}`;
const byName = (a: CatalogEntry, b: CatalogEntry) => (place(a) < place(b) ? -1 : 1);

/** The whole catalog in force, by source and name, for people; reads as much as there is. */
export async function listCatalog(store: Store): Promise<ListedCatalog> {
  const { generation } = await readConsistently(store, async () => undefined);
  const names = Object.keys(generation.sources).sort();
  const sources = await inParallel(names, 8, async (source) => ({
    source,
    pushedAt: partOf(generation, source)?.pushed_at ?? '',
    entries: (await readSource(store, source, generation)).sort(byName),
  }));
  return { generation: generation.generation, sources };
}
