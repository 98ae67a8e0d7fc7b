import { byRepository, bySpelling } from '../../domain/matching/lookup-keys.ts';
import {
  catalogServices,
  configuredServices,
  noServices,
  type RepositoryMatch,
  type RepositorySettings,
  repositoryName,
} from '../../domain/matching/services-of-repository.ts';
import type { Store } from '../database/dynamo.ts';
import { completeEntries } from './find-entries.ts';
import { contributions, isAlone } from './matcher.ts';
import { currentGeneration, inForce, readConsistently, readLookup } from './reader.ts';

/** Of a repository's id. Throws `CatalogUnavailable`, which is a reason to try again and never an answer. */
export type ServicesOfRepository = (
  repositoryId: string,
) => Promise<RepositoryMatch & { /** Catalog generation that said so. */ generation: string }>;

/**
 * Which services are deployed from a repository: as configured, else as the catalog has it. A catalog that a version
 * pushed which kept no repositories says none, until it is pushed again.
 */
export function createServicesOfRepository(
  store: Store,
  settings: RepositorySettings = {},
): ServicesOfRepository {
  return async (id) => {
    const configured = configuredServices(settings, id);
    if (configured !== undefined) return { ...configured, generation: await currentGeneration(store) };
    const key = byRepository(id);
    const { generation, result } = await readConsistently(store, () => readLookup(store, key));
    const read = async (each: string) => contributions(inForce(generation, await readLookup(store, each)));
    const found = contributions(inForce(generation, result));
    const entries = await completeEntries(found, [key], isAlone(generation), read);
    const known = catalogServices(entries, id);
    if (known !== undefined) return { ...known, generation: generation.generation };
    const namesakes = await Promise.all(bySpelling('service', repositoryName(id)).map(read));
    const alike = [...new Set(namesakes.flat().map(({ entry }) => entry.name))].sort();
    return { ...noServices(id, alike), generation: generation.generation };
  };
}
