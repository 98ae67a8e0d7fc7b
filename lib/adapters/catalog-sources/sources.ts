import { type BackstageSource, createBackstageSource } from './backstage.ts';
import { createDatadogSource, type DatadogSource } from './datadog.ts';
import type { CatalogSource, SourceDeps } from './source.ts';

export type CatalogSourceConfig = BackstageSource | DatadogSource;

/** One creator for each type; a type without one does not compile. */
const creators: {
  [Type in CatalogSourceConfig['type']]: (
    config: Extract<CatalogSourceConfig, { type: Type }>,
    deps: SourceDeps,
  ) => CatalogSource;
} = { backstage: createBackstageSource, datadog: createDatadogSource };

export function createCatalogSource(config: CatalogSourceConfig, deps: SourceDeps): CatalogSource {
  const create = creators[config.type] as (config: CatalogSourceConfig, deps: SourceDeps) => CatalogSource;
  return create(config, deps);
}
