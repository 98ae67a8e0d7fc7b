import { assembleCatalog, type Contribution } from '../../domain/catalog/assemble.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import { companionKeys } from '../../domain/matching/companion-keys.ts';
import { inParallel } from '../database/in-parallel.ts';

/** More than a service and its team need; a URL that hundreds of services share needs as many. */
const lookupsAtOnce = 16;

/** What of the catalog is found under a key, by source. */
export type ReadKey = (key: string) => Promise<readonly Contribution[]>;

/**
 * The entries a match needs, from what was found under its own keys. `alone` says that no source contributes to
 * another's services and none has namespaces, so that nothing more has to be read.
 */
export async function completeEntries(
  found: readonly Contribution[],
  asked: readonly string[],
  alone: boolean,
  read: ReadKey,
): Promise<CatalogEntry[]> {
  if (alone) return assembleCatalog(found);
  const keys = companionKeys(found.map(({ entry }) => entry)).filter((key) => !asked.includes(key));
  const companions = await inParallel(keys, lookupsAtOnce, read);
  return assembleCatalog([...found, ...companions.flat()]);
}
