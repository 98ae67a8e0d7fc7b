import { readCatalog } from '../adapters/catalog-files/read-catalog.ts';
import { StartError } from '../adapters/laptop/start-error.ts';
import { showFinding } from '../domain/catalog/definition.ts';
import { pushCatalog } from '../store/catalog/push.ts';
import { CatalogPushError } from '../store/catalog/push-error.ts';
import type { PushDeps } from '../store/catalog/push-plan.ts';

const faultsShown = 10;

export interface LoadedCatalog {
  files: number;
  entries: number;
  /** What was skipped or is doubtful, a line each. */
  warnings: string[];
}

/** Makes the catalog's source `default` equal to these files, as `pdbridge catalog push` would. */
export async function loadCatalog(deps: PushDeps, path: string): Promise<LoadedCatalog> {
  const { files, entries, errors, warnings } = await readCatalog([path]);
  if (errors.length > 0) {
    const shown = errors.slice(0, faultsShown).map((finding) => `\n  ${showFinding(finding)}`);
    const more = errors.length > faultsShown ? `\n  and ${errors.length - faultsShown} more` : '';
    throw new StartError('catalog', `BRIDGE_CATALOG has faults:${shown.join('')}${more}`);
  }
  try {
    await pushCatalog(deps, { source: 'default', entries });
  } catch (cause) {
    if (!(cause instanceof CatalogPushError)) throw cause;
    throw new StartError('catalog', `BRIDGE_CATALOG cannot be loaded: ${cause.message}`, { cause });
  }
  return { files: files.length, entries: entries.length, warnings: warnings.map(showFinding) };
}
