import type { ServiceRef } from '../pagerduty/service-url.ts';
import { comparableName } from './names.ts';

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

/** One definition an entry was read from. */
export interface Origin {
  /** From the root of the repository if it lies in one, else as it was given. */
  file: string;
  format: SourceFormat;
}

interface Provenance {
  /** Where it is written, several where definitions were merged; absent for what did not come from files. */
  origins?: readonly Origin[];
  /** Its definition could not be read by the last push: it is as it was pushed at this time, ISO 8601. */
  keptFrom?: string;
}

/** Anything an incident can be attributed to by name: a service, but also a datastore, queue, API or system. */
export interface CatalogService extends Provenance {
  type: 'service';
  name: string;
  /** In lower case; `service` for Datadog services and Backstage components alike. */
  kind: string;
  namespace: string;
  team?: string;
  /** The namespace of the team, where its catalog has such and it is not `default`. */
  teamNamespace?: string;
  /** Further teams the definition names, such as additional owners: known as teams, never the service's own. */
  otherTeams?: string[];
  /** Datadog's handle of the team, where the definition gives it beside another name of the team. */
  teamHandle?: string;
  displayName?: string;
  /** Other names it goes by in the catalogs, such as its name in Datadog. */
  aliases?: string[];
  /** What Datadog calls it, where that is not its name. */
  datadogName?: string;
  pagerduty?: ServiceRef;
  /** Ids of the repositories its code is in (domain/dora/repository.ts), sorted. */
  repositories?: string[];
  format: SourceFormat;
}

export interface CatalogTeam extends Provenance {
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

/** `team`, or the kind of service. */
export const kindOf = (entry: CatalogEntry): string => (entry.type === 'team' ? 'team' : entry.kind);

/**
 * What makes two definitions the same one. Kind and namespace belong to it: a component and an API may share a
 * name. Letter case does not: neither Backstage nor Datadog tells names apart by it, and nor do the rules.
 */
export function entryIdentity(entry: CatalogEntry): string {
  return `${kindOf(entry)}:${entry.namespace.toLowerCase()}/${comparableName(entry.name) ?? entry.name}`;
}

/** How an entry is named in sentences: `service "checkout"`, with the namespace where it is not the usual one. */
export function describeEntry(entry: CatalogEntry): string {
  const { name, namespace } = entry;
  return `${kindOf(entry)} "${name}"${namespace === defaultNamespace ? '' : ` (namespace ${namespace})`}`;
}

/** What a service is called besides its name: its title and what other catalogs call it. */
export const otherNames = ({ displayName, aliases = [] }: CatalogService): string[] => [
  ...(displayName === undefined ? [] : [displayName]),
  ...aliases,
];
