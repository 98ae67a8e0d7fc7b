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

/**
 * Makes the catalog's source `default` equal to these files, as `pdbridge catalog push` would: what has a fault stays
 * as it was, and only files without anything that can be read keep the bridge from starting.
 */
export async function loadCatalog(deps: PushDeps, path: string): Promise<LoadedCatalog> {
  const { files, entries, errors, warnings, unread } = await readCatalog([path]);
  const faults = errors.slice(0, faultsShown).map(showFinding);
  if (errors.length > faultsShown) faults.push(`and ${errors.length - faultsShown} more`);
  if (errors.length > 0 && entries.length === 0) {
    throw new StartError(
      'catalog',
      `BRIDGE_CATALOG has faults:${faults.map((fault) => `\n  ${fault}`).join('')}`,
    );
  }
  let kept: number;
  let told: readonly string[];
  try {
    const plan = await pushCatalog(deps, { source: 'default', entries, unread });
    told = plan.contradictions;
    kept = plan.kept.length;
  } catch (cause) {
    if (!(cause instanceof CatalogPushError)) throw cause;
    throw new StartError('catalog', `BRIDGE_CATALOG cannot be loaded: ${cause.message}`, { cause });
  }
  if (kept > 0) faults.push(`${kept} of what these define stay as they were loaded before`);
  return {
    files: files.length,
    entries: entries.length,
    warnings: [...faults, ...warnings.map(showFinding), ...told],
  };
}
