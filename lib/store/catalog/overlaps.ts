import { bySource, type Contribution } from '../../domain/catalog/assemble.ts';
import { type CatalogEntry, describeEntry } from '../../domain/catalog/entry.ts';
import { mergeEntries } from '../../domain/catalog/merge.ts';
import { mayBeSame } from '../../domain/catalog/same-service.ts';
import { entryKeys } from '../../domain/matching/lookup-keys.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { CatalogPushError } from './push-error.ts';
import { inForce, readLookup } from './reader.ts';
import type { GenerationRow } from './rows.ts';

const lookupsAtOnce = 16;
const shown = 20;

/** A service of this source that other sources contribute to as well. */
export interface Overlap {
  entry: CatalogEntry;
  others: Contribution[];
}

/** What other sources say of these services; entries that are teams are left out, for teams never contradict. */
export async function findOverlaps(
  store: Store,
  source: string,
  entries: readonly CatalogEntry[],
  generation: GenerationRow,
): Promise<Overlap[]> {
  if (Object.keys(generation.sources).every((other) => other === source)) return [];
  const services = entries.filter((entry) => entry.type === 'service');
  const overlaps = await inParallel(services, lookupsAtOnce, async (entry) => {
    const keys = entryKeys(entry).filter((key) => key.startsWith('service:'));
    const found = await Promise.all(keys.map((key) => readLookup(store, key)));
    const others = new Map<string, Contribution>();
    for (const row of inForce(generation, found.flat())) {
      const same = row.entries.find((other) => mayBeSame(entry, other));
      if (row.source !== source && same !== undefined)
        others.set(row.source, { source: row.source, entry: same });
    }
    return others.size === 0 ? [] : [{ entry, others: [...others.values()].sort(bySource) }];
  });
  return overlaps.flat();
}

/** A sentence for each contradiction between sources, and which of them holds. */
export const contradictionsIn = (source: string, overlaps: readonly Overlap[]): string[] =>
  overlaps.flatMap(({ entry, others }) => contradictionsAmong(entry, [...others, { source, entry }]));

/** The same of one service, from all that is said of it. */
export function contradictionsAmong(entry: CatalogEntry, said: readonly Contribution[]): string[] {
  const contributions = said.toSorted(bySource);
  return mergeEntries(contributions.map((each) => each.entry)).contradictions.map((found) => {
    const [overruled, holding] = [contributions[found.overruled], contributions[found.holding]];
    return (
      `${describeEntry(entry)} has ${found.attribute} ${found.holds} in source "${holding?.source}" and ` +
      `${found.says} in source "${overruled?.source}"; "${holding?.source}" holds, for it comes later by name`
    );
  });
}

/** For a strict push: sources that contradict each other are refused. */
export function refuseContradictions(contradictions: readonly string[]): void {
  if (contradictions.length === 0) return;
  const more = contradictions.length > shown ? `\nand ${contradictions.length - shown} more` : '';
  throw new CatalogPushError(
    'catalog_conflict',
    `Sources contradict each other, which --strict does not allow:\n${contradictions.slice(0, shown).join('\n')}${more}`,
  );
}
