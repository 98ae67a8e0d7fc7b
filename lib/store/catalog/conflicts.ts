import { type CatalogEntry, type CatalogService, entryIdentity } from '../../domain/catalog/entry.ts';
import { entryKeys } from '../../domain/matching/lookup-keys.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { CatalogPushError } from './push-error.ts';
import { inForce, readLookup } from './reader.ts';
import type { GenerationRow } from './rows.ts';

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
