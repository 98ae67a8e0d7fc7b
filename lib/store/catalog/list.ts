import { assembleItems } from '../../domain/catalog/assemble.ts';
import type { CatalogEntry, SourceFormat } from '../../domain/catalog/entry.ts';
import { withImpliedTeams } from '../../domain/catalog/implied-teams.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { contradictionsAmong } from './overlaps.ts';
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

/** One thing of the catalog as incidents are matched with it, and who says so. */
export interface CatalogItem {
  /** As it goes out. */
  name: string;
  entry: CatalogEntry;
  sources: string[];
  formats: SourceFormat[];
}

/** Everything under the name it goes out with, teams that are only named included: what people may pin to. */
export const catalogEntries = ({ sources }: ListedCatalog): CatalogEntry[] =>
  assembleItems(
    sources.flatMap(({ source, entries }) => withImpliedTeams(entries).map((entry) => ({ source, entry }))),
  ).map(({ entry }) => entry);

/** Each thing once, also where several sources or definitions make it up together; teams only named are left out. */
export function catalogItems({ sources }: ListedCatalog): CatalogItem[] {
  const contributions = sources.flatMap(({ source, entries }) =>
    withImpliedTeams(entries).map((entry) => ({ source, entry })),
  );
  return assembleItems(contributions)
    .filter(({ entry }) => entry.type === 'service' || entry.defined)
    .map(({ entry, from }) => ({
      name: entry.name,
      entry,
      sources: [...new Set(from.map(({ source }) => source))],
      formats: [...new Set(from.flatMap((each) => formatsOf(each.entry)))],
    }))
    .sort((one, other) => byName(one.entry, other.entry));
}

/** Where sources contradict each other on services of these names, a sentence each. */
export function contradictionsOn(names: readonly string[], { sources }: ListedCatalog): string[] {
  if (sources.length < 2 || names.length === 0) return [];
  const contributions = sources.flatMap(({ source, entries }) => entries.map((entry) => ({ source, entry })));
  return assembleItems(contributions)
    .filter(({ entry }) => entry.type === 'service' && names.includes(entry.name))
    .flatMap(({ entry, from }) => contradictionsAmong(entry, from));
}

const formatsOf = ({ origins, format }: CatalogEntry): SourceFormat[] =>
  origins?.map((origin) => origin.format) ?? [format];
