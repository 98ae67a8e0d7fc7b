import type { CatalogEntry, CatalogService } from '../catalog/entry.ts';
import { readRepository } from '../dora/repository.ts';

/** Repositories and the services that are deployed from them, as the configuration has them. */
export interface RepositorySettings {
  repositories?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** What a deployment that names its repository only is a deployment of: each of the services. */
export interface RepositoryMatch {
  /** As the catalog or the configuration writes them, sorted; empty where nobody knows. */
  services: readonly string[];
  rule: 'configured' | 'catalog' | 'none';
  /** One sentence; for `none` with what would change it. */
  explanation: string;
}

/** The configured services of a repository, which go before whatever the catalog says. */
export function configuredServices(
  { repositories = {} }: RepositorySettings,
  id: string,
): RepositoryMatch | undefined {
  const [, configured] = Object.entries(repositories).find(([key]) => readRepository(key)?.id === id) ?? [];
  if (configured === undefined) return undefined;
  const services = [...new Set(typeof configured === 'string' ? [configured] : configured)].sort();
  return {
    services,
    rule: 'configured',
    explanation: `ingest.repositories names ${named(services)} for ${id}${each(services)}.`,
  };
}

/** What belongs to a service and is in its repository, but is not deployed as one. */
const parts = new Set(['api', 'resource', 'system', 'datastore', 'queue', 'repository', 'application']);

/**
 * The services whose code is in the repository. APIs, databases and systems that are described there count only where
 * there is nothing else: their service is what is deployed.
 */
export function catalogServices(entries: readonly CatalogEntry[], id: string): RepositoryMatch | undefined {
  const found = entries.filter(
    (entry): entry is CatalogService => entry.type === 'service' && entry.repositories?.includes(id) === true,
  );
  const whole = found.filter(({ kind }) => !parts.has(kind));
  const services = [...new Set((whole.length > 0 ? whole : found).map(({ name }) => name))].sort();
  if (services.length === 0) return undefined;
  if (services.length > mostServices) return tooMany(id, services.length);
  return {
    services,
    rule: 'catalog',
    explanation: `The catalog has the code of ${named(services)} in ${id}${each(services)}.`,
  };
}

/**
 * More are not deployed at once: it is rather the repository of the catalog itself, which is where they all were found.
 */
const mostServices = 50;

const tooMany = (id: string, count: number): RepositoryMatch => ({
  services: [],
  rule: 'none',
  explanation:
    `The catalog has the code of ${count} services in ${id}, more than are deployed at once (${mostServices}). ` +
    `Set ingest.repositories: { "${id}": [<service>, …] } to those that are.`,
});

/** Nobody says whose it is; `alike` are services of the catalog that are called as the repository is. */
export function noServices(id: string, alike: readonly string[]): RepositoryMatch {
  const slug = id.slice(id.indexOf('/') + 1);
  const annotation = id.startsWith('github.com/') ? `, or github.com/project-slug: ${slug}` : '';
  const [likely] = alike;
  const guess =
    likely === undefined
      ? 'Name it in the definition of its service'
      : `Is it service "${likely}"? Then name it there`;
  return {
    services: [],
    rule: 'none',
    explanation:
      `No catalog service names repository ${id}. ${guess} (a link of type repo${annotation}) and push the catalog, ` +
      `or set ingest.repositories: { "${id}": ${likely ?? '<service>'} }.`,
  };
}

/** What a repository is called: the last part of its id. */
export const repositoryName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

function named(services: readonly string[]): string {
  const quoted = services.map((name) => `"${name}"`);
  const last = quoted.pop();
  return quoted.length === 0 ? `service ${last}` : `services ${quoted.join(', ')} and ${last}`;
}

const each = (services: readonly string[]): string => (services.length > 1 ? ', a deployment each' : '');
