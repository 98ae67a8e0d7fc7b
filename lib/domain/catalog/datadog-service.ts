import type { ServiceRef } from '../pagerduty/service-url.ts';
import { type CatalogService, defaultNamespace, type SourceFormat } from './entry.ts';

export interface DatadogFields {
  name: string;
  kind?: string | undefined;
  namespace?: string | undefined;
  teams: readonly (string | undefined)[];
  displayName?: string | undefined;
  pagerduty: ServiceRef | undefined;
}

/** A service from whatever keys its version uses. The first team given owns it, the others are only known. */
export function datadogService(format: SourceFormat, fields: DatadogFields): CatalogService {
  const { name, kind, namespace, displayName, pagerduty } = fields;
  const [team, ...otherTeams] = [...new Set(fields.teams.filter((given) => given !== undefined))];
  return {
    type: 'service',
    name,
    kind: kind?.toLowerCase() ?? 'service',
    namespace: namespace ?? defaultNamespace,
    ...(team === undefined ? {} : { team }),
    ...(otherTeams.length === 0 ? {} : { otherTeams }),
    ...(displayName ? { displayName } : {}),
    ...(pagerduty === undefined ? {} : { pagerduty }),
    format,
  };
}

/** `schema-version` as people write it: `v2.1`, `V2.1`, or 2.1 without quotes. */
export function schemaVersion(document: Record<string, unknown>): string | undefined {
  const version = document['schema-version'];
  if (typeof version !== 'string' && typeof version !== 'number') return undefined;
  const text = String(version).trim().toLowerCase();
  return text.startsWith('v') ? text : `v${text}`;
}

/** The spelling of service pages Datadog accepts. */
export function serviceDirectoryUrl({ host, id }: ServiceRef): string {
  return `https://${host ?? '<account>.pagerduty.com'}/service-directory/${id}`;
}
