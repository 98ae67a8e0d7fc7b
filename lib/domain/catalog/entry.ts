import type { ServiceRef } from '../pagerduty/service-url.ts';

/** How a definition was written, as its users name it; rows keep these names. Each has its reader in formats.ts. */
export const sourceFormats = [
  'datadog-v1',
  'datadog-v2',
  'datadog-v2.1',
  'datadog-v2.2',
  'datadog-v3',
  'backstage',
] as const;

export type SourceFormat = (typeof sourceFormats)[number];

/** Anything an incident can be attributed to by name: a service, but also a datastore, queue, API or system. */
export interface CatalogService {
  type: 'service';
  name: string;
  /** In lower case; `service` for Datadog services and Backstage components alike. */
  kind: string;
  namespace: string;
  team?: string;
  /** Further teams the definition names, such as additional owners: known as teams, never the service's own. */
  otherTeams?: string[];
  displayName?: string;
  pagerduty?: ServiceRef;
  format: SourceFormat;
}

export interface CatalogTeam {
  type: 'team';
  name: string;
  namespace: string;
  /** Other names people know it by, such as a display name. */
  aliases: string[];
  /** True for a team with a definition of its own, false for one that is only named by a service. */
  defined: boolean;
  format: SourceFormat;
}

export type CatalogEntry = CatalogService | CatalogTeam;

export const defaultNamespace = 'default';

/**
 * What makes two definitions the same one. Kind and namespace belong to it: a component and an API may share a
 * name. Letter case does too, because names that differ in case only are told apart in some catalogs; the
 * rules, which ignore case, then see several entries of one name.
 */
export function entryIdentity(entry: CatalogEntry): string {
  const kind = entry.type === 'team' ? 'team' : entry.kind;
  return `${kind}:${entry.namespace}/${entry.name.normalize('NFC')}`;
}
