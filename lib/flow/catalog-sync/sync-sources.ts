import type { CatalogSource } from '../../adapters/catalog-sources/source.ts';
import { showFinding } from '../../domain/catalog/definition.ts';
import type { Telemetry } from '../../ports.ts';
import type { PushDeps } from '../../store/catalog/push-plan.ts';
import { type Synced, syncSource } from './sync-source.ts';

export interface CatalogSyncDeps extends PushDeps {
  sources: readonly CatalogSource[];
  telemetry: Telemetry;
}

/** The names of the sources, by what came of each. */
export interface CatalogSyncReport {
  synced: string[];
  failed: string[];
}

/** A broken catalog of thousands must not fill the log; `catalog sync` lists all of them. */
const mostFaults = 20;

/**
 * What happens on schedule: each live catalog is read in turn, and one that fails leaves the others alone. The
 * heartbeat is of a run in which all could be read, so that its absence also tells of one that never is.
 */
export function createCatalogSync(deps: CatalogSyncDeps) {
  const { sources, telemetry } = deps;
  return async (): Promise<CatalogSyncReport> => {
    const report: CatalogSyncReport = { synced: [], failed: [] };
    for (const source of sources) {
      const good = await syncOne(deps, source);
      (good ? report.synced : report.failed).push(source.name);
    }
    if (report.failed.length === 0) telemetry.metric('CatalogSyncHeartbeat', 1);
    return report;
  };
}

async function syncOne(deps: CatalogSyncDeps, source: CatalogSource): Promise<boolean> {
  const { telemetry } = deps;
  const fields = { source: source.name };
  let synced: Synced;
  try {
    synced = await syncSource(deps, source);
  } catch (error) {
    telemetry.metric('CatalogSyncFailed', 1);
    telemetry.error('live catalog could not be synced', { ...fields, error });
    return false;
  }
  if (synced.kind === 'failed') {
    const { code, reason } = synced;
    const refused = code === 'catalog_empty' || code === 'catalog_shrunk';
    telemetry.metric(refused ? 'CatalogSyncRefused' : 'CatalogSyncFailed', 1);
    telemetry.warn('live catalog left as it was', { ...fields, code, reason });
    return false;
  }
  sayFaults(deps, source, synced);
  const { added, changed, removed, unchanged } = synced.plan.difference;
  telemetry.info('live catalog synced', {
    ...fields,
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    unchanged,
    generation: synced.result?.generation,
  });
  return true;
}

/** Definitions with a fault keep what was read of them before, so this is no failure. */
function sayFaults(
  { telemetry }: CatalogSyncDeps,
  { name }: CatalogSource,
  { faults }: Extract<Synced, { kind: 'synced' }>,
): void {
  if (faults.length === 0) return;
  telemetry.warn('live catalog has definitions with faults', {
    source: name,
    count: faults.length,
    faults: faults.slice(0, mostFaults).map(showFinding),
  });
}
