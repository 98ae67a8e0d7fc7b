import { PackageURL } from 'packageurl-js';
import { type Code, readCommit, readName, repositoryOf } from './reading.ts';

interface Built extends Code {
  version?: string;
  commit_sha?: string;
}

/** Kinds of package that are repositories, and where those are. */
const hosts = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);
const longest = 4096;

/**
 * What a package URL says of what was built: its version, and where from if it says that. Of an image the tag is the
 * version, since people know it by that; without one its digest is. https://github.com/package-url/purl-spec
 */
export function readPackageUrl(value: unknown): Built {
  const parsed = typeof value === 'string' && value.length <= longest ? parse(value.trim()) : undefined;
  if (parsed === undefined) return {};
  const { type = '', namespace, name, version, qualifiers = {} } = parsed;
  const source = sourceOf(qualifiers['vcs_url']);
  const host = hosts.get(type);
  const own = host === undefined ? {} : repositoryOf(`https://${host}/${namespace}/${name}`);
  // Of a package that is a repository, a version that is a commit is no version.
  const commit = host === undefined ? undefined : readCommit(version);
  const named = readName(qualifiers['tag']) ?? (commit === undefined ? readName(version) : undefined);
  return {
    ...(named === undefined ? {} : { version: named }),
    ...own,
    ...source,
    ...(commit === undefined ? {} : { commit_sha: commit }),
  };
}

function parse(text: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(text);
  } catch {
    return undefined;
  }
}

/** `git+https://github.com/acme/shop.git@<commit>`, as SPDX writes it. */
function sourceOf(given: unknown): Built {
  if (typeof given !== 'string') return {};
  const [, url, revision] = /^(.*?)(?:@([0-9a-f]{40}|[0-9a-f]{64}))?(?:#.*)?$/i.exec(given) ?? [];
  const commit = readCommit(revision);
  return { ...repositoryOf(url), ...(commit === undefined ? {} : { commit_sha: commit }) };
}
