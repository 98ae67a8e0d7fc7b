import { createCatalogSync } from '../lib/flow/catalog-sync/sync-sources.ts';
import { lambdaCatalogSync } from './wiring/catalog-sync.ts';

/** Woken by a schedule; deployed where bridge.yml has `catalog_sources`. */
const sync = createCatalogSync(lambdaCatalogSync(import.meta.url));

export async function handler() {
  return sync();
}
