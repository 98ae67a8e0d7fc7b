import { type CatalogEntry, type CatalogService, entryIdentity } from '../catalog/entry.ts';
import { entryKeys } from '../matching/lookup-keys.ts';
import { CatalogPushError } from './catalog-push-error.ts';
import { inForce, readLookup } from './catalog-reader.ts';
import type { GenerationRow } from './catalog-rows.ts';
import type { Store } from './dynamo.ts';
import { inParallel } from './in-parallel.ts';

const lookupsAtOnce = 16;
const shown = 20;

/**
 * Refuses services that another source already defines: each service has one owner, else the last push would
 * win. Only services new to their source need to be looked up.
 */
export async function refuseConflicts(
  store: Store,
  source: string,
  added: readonly CatalogEntry[],
  generation: GenerationRow,
): Promise<void> {
  if (Object.keys(generation.sources).every((other) => other === source)) return;
  const services = added.filter((entry) => entry.type === 'service');
  const conflicts = await inParallel(services, lookupsAtOnce, async (service) => {
    const owner = await otherOwner(store, source, service, generation);
    return owner === undefined ? [] : [`${service.kind} "${service.name}" (source "${owner}")`];
  });
  const found = conflicts.flat();
  if (found.length === 0) return;
  const more = found.length > shown ? `, and ${found.length - shown} more` : '';
  throw new CatalogPushError(
    'catalog_conflict',
    `Source "${source}" defines what another source already defines: ${found.slice(0, shown).join(', ')}${more}. ` +
      'Keep each definition in one source, or push both under the same --source.',
  );
}

async function otherOwner(
  store: Store,
  source: string,
  service: CatalogService,
  generation: GenerationRow,
): Promise<string | undefined> {
  const identity = entryIdentity(service);
  const keys = entryKeys(service).filter((key) => key.startsWith('service:'));
  for (const key of keys) {
    const rows = inForce(generation, await readLookup(store, key));
    const row = rows.find(
      (candidate) =>
        candidate.source !== source && candidate.entries.some((entry) => entryIdentity(entry) === identity),
    );
    if (row !== undefined) return row.source;
  }
  return undefined;
}
