import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import type { FunctionName } from './bundle-rules.ts';

/** What goes beside each bundle as bridge.json: a function carries no more than it reads. */
export function functionConfig(name: FunctionName, config: BridgeConfig): Partial<BridgeConfig> {
  const { authenticate, retention_days, catalog_sources, ingest, pagerduty, ...rest } = config;
  if (name === 'receive') return { authenticate, retention_days };
  if (name === 'catalog-sync') return { catalog_sources: catalog_sources ?? [] };
  if (name === 'reconcile') return { ...(pagerduty && { pagerduty }), retention_days };
  if (name === 'ingest') {
    const { metrics_retention_days, env_names } = rest;
    return {
      ...(ingest && { ingest }),
      retention_days,
      metrics_retention_days,
      ...(env_names && { env_names }),
    };
  }
  return {
    authenticate,
    retention_days,
    ...(ingest && { ingest }),
    ...(pagerduty && { pagerduty }),
    ...rest,
  };
}

/** The functions that this configuration asks for. */
export function functionsOf({ catalog_sources = [], ingest, pagerduty }: BridgeConfig): FunctionName[] {
  const asked: FunctionName[] = ['receive', 'forward', 'sweep'];
  if (catalog_sources.length > 0) asked.push('catalog-sync');
  if (ingest) asked.push('ingest');
  const mayAsk = pagerduty?.token !== undefined || pagerduty?.oauth !== undefined;
  if (mayAsk && pagerduty.reconcile !== 'off') asked.push('reconcile');
  return asked;
}
