import type { ServiceRef } from '../pagerduty/service-url.ts';
import { type CatalogService, defaultNamespace, type SourceFormat } from './entry.ts';
import type { Document, Problem, Reading } from './format.ts';
import { type Link, readServiceUrl } from './pagerduty-link.ts';

/** Every version has this key, v1 no other that tells it from other tools' files. */
export const serviceMark = /dd-service["']?\s*:/;
/** Datadog's other tools say v1. */
export const versionMark = /schema-version["']?\s*:\s*["']?v2(?:\.\d)?["']?\s*(?:[,}\r\n#]|$)/i;

export interface DatadogFields {
  name: string;
  kind?: string | undefined;
  namespace?: string | undefined;
  teams: readonly (string | undefined)[];
  handle?: string | undefined;
  displayName?: string | undefined;
  /** As written. */
  pagerduty: string | undefined;
  /** Where that is. */
  pagerdutyAt: PropertyKey[];
  repositories: string[];
}

/** A service from whatever keys its version uses. The first team given owns it, the others are only known. */
export function datadogService(
  format: SourceFormat,
  fields: DatadogFields,
): Reading & { entries: [CatalogService] } {
  const { name, kind, namespace, displayName, pagerduty, pagerdutyAt } = fields;
  const [team, ...otherTeams] = [...new Set(fields.teams.filter((given) => given !== undefined))];
  const { ref, warning }: Link = pagerduty === undefined ? {} : readServiceUrl(pagerduty);
  const entry: CatalogService = {
    type: 'service',
    name,
    kind: kind?.toLowerCase() ?? 'service',
    namespace: namespace ?? defaultNamespace,
    ...(team === undefined ? {} : { team }),
    ...(otherTeams.length === 0 ? {} : { otherTeams }),
    ...(fields.handle === undefined || fields.handle === team ? {} : { teamHandle: fields.handle }),
    ...(displayName ? { displayName } : {}),
    ...(ref === undefined ? {} : { pagerduty: ref }),
    ...(fields.repositories.length === 0 ? {} : { repositories: fields.repositories }),
    format,
  };
  return {
    entries: [entry],
    problems: warning === undefined ? [] : [warningAt(pagerdutyAt, warning)],
  };
}

export const warningAt = (path: PropertyKey[], reason: string): Problem => ({
  severity: 'warning',
  path,
  reason: `${path.join('.')} ${reason}`,
});

const strayKeys = ['pagerduty', 'service-url'];

/** A link that was not indented far enough is at the top level, where nobody looks for it. */
export function strayLink(document: Document): Problem[] {
  return strayKeys
    .filter((key) => typeof document[key] === 'string' || isMapping(document[key]))
    .map((key) =>
      warningAt([key], 'stands at the top level, where it means nothing; it belongs below integrations'),
    );
}

const isMapping = (value: unknown): boolean => typeof value === 'object' && value !== null;

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
