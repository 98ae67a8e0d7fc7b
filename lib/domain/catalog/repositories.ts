import { readRepository } from '../dora/repository.ts';
import { items, member } from '../pagerduty/loose.ts';
import type { Document } from './format.ts';

/**
 * A page of a repository, such as a folder of it: people link to where in it a service lives. `tree`, `blob` and `raw`
 * cannot be names of repositories where there are groups of groups.
 */
const page = /^([a-z+]+:\/\/[^/]+(?:\/[^/]+){2,}?)\/(?:-|tree|blob|raw)\/.*$/i;
/** Here a repository is always owner and name, whatever comes after. */
const ownerAndName = /^((?:github\.com|bitbucket\.org)\/[^/]+\/[^/]+)\//;
const most = 100;

/** The ids of what these texts name, sorted, each once; what is not a repository is passed over. */
export function repositoryIds(given: readonly (string | undefined)[]): string[] {
  const ids = given.flatMap((text) => (text === undefined ? [] : (repositoryId(text) ?? [])));
  return [...new Set(ids)].sort().slice(0, most);
}

function repositoryId(text: string): string | undefined {
  const id = readRepository(text.trim().replace(page, '$1'))?.id;
  return ownerAndName.exec(`${id}/`)?.[1]?.replace(/\.git$/, '') ?? id;
}

/**
 * Where a Datadog definition says its code is, whatever its version: each version has other places for it, and no two
 * versions use one place for different things. What is odd about a link is no fault of the definition.
 */
export function datadogRepositories(document: Document): string[] {
  const metadata = document['metadata'];
  const locations = member(document['datadog'], 'codeLocations');
  return repositoryIds([
    ...toCode(document['external-resources']),
    ...toCode(document['links']),
    ...toCode(member(metadata, 'links')),
    ...each(document['repos'], 'url'),
    ...each(locations, 'repositoryURL'),
    text(member(document['integrations'], 'github')),
  ]);
}

const toCode = (links: unknown) =>
  (items(links) ?? [])
    .filter((link) => /^(?:repo|repository|code)$/i.test(text(member(link, 'type'))?.trim() ?? ''))
    .map((link) => text(member(link, 'url')));

const each = (list: unknown, key: string) => (items(list) ?? []).map((item) => text(member(item, key)));

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Backstage's types of components that nobody deploys by themselves. */
const undeployed = new Set(['library', 'documentation']);

/**
 * Where a Backstage entity's code is: the repository its annotations name by owner and name, else its source. The
 * second comes from where the entity itself was found unless somebody wrote it, so it never overrules the first.
 * https://backstage.io/docs/features/software-catalog/well-known-annotations
 */
export function backstageRepositories(annotations: Document | undefined, type: unknown): string[] {
  if (typeof type === 'string' && undeployed.has(type.trim().toLowerCase())) return [];
  const at = (key: string) => text(annotations?.[key])?.trim() || undefined;
  const [source] = repositoryIds([
    sourceOf(at('backstage.io/source-location'), at('backstage.io/managed-by-location')),
  ]);
  const gitlab = at('gitlab.com/instance') ?? 'gitlab.com';
  const named = repositoryIds([
    slugOn('github.com', at('github.com/project-slug')),
    slugOn(gitlab, at('gitlab.com/project-slug')),
    slugOn('bitbucket.org', at('bitbucket.org/project-slug')),
  ]);
  if (source === undefined) return named;
  if (named.length === 0) return [source];
  // The slug does not say which GitHub, the source of the same path does.
  const onSource = (id: string) => (pathOf(id) === pathOf(source) ? source : id);
  return [...new Set(named.map(onSource))].sort();
}

/**
 * Where nobody has written a source, Backstage takes the folder of the file an entity was found in. That is where its
 * code is if the file is the usual one of a repository; a file of any other name is a catalog's, kept elsewhere.
 */
function sourceOf(source: string | undefined, foundIn: string | undefined): string | undefined {
  const url = urlOf(source);
  const file = urlOf(foundIn);
  if (url === undefined || file === undefined || /\/catalog-info\.ya?ml$/i.test(file)) return url;
  return folderOf(url) === folderOf(file) ? undefined : url;
}

const urlOf = (location: string | undefined) => /^url:(.*)$/.exec(location ?? '')?.[1];

const folderOf = (url: string): string => url.replace(/\/(?:blob|tree)\//, '/').replace(/\/[^/]*$/, '');

const slugOn = (host: string, slug: string | undefined) =>
  slug === undefined ? undefined : `https://${host.replace(/^https?:\/\//, '').replace(/\/$/, '')}/${slug}`;

const pathOf = (id: string): string => id.slice(id.indexOf('/'));
