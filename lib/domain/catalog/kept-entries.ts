import type { Unread } from './definition.ts';
import { type CatalogEntry, entryIdentity } from './entry.ts';
import { mergeEntries } from './merge.ts';
import { groupByEntry } from './same-service.ts';

/**
 * What a push goes on defining although its definition could not be read this time: an entry whose own definition
 * is faulty, and everything that came from a file or folder that could not be read. Of entries pushed before the
 * files were written down it is not known where they came from, so they all stay while any file cannot be read.
 * `before` is what the source has pushed last, at `pushedAt`; `kept` says
 * since when each is kept.
 */
export function withKept(
  before: readonly CatalogEntry[],
  wanted: readonly CatalogEntry[],
  unread: readonly Unread[],
  pushedAt: string,
): { entries: CatalogEntry[]; kept: CatalogEntry[] } {
  if (unread.length === 0) return { entries: [...wanted], kept: [] };
  const identities = new Set(unread.flatMap(({ identity }) => identity ?? []));
  const files = unread.flatMap(({ file, identity }) => (identity === undefined ? [file] : []));
  const faulty = new Set(unread.map(({ file }) => file));
  const defined = new Set(wanted.map(entryIdentity));
  const kept = before
    .filter((old) => {
      const identity = entryIdentity(old);
      if (!identities.has(identity) && !cameFrom(old, files)) return false;
      return !defined.has(identity) || isPartOf(old, faulty);
    })
    .map((old) => ({ ...old, keptFrom: old.keptFrom ?? pushedAt }));
  // What could be read counts, and comes later for that; the rest is as it was.
  const groups = groupByEntry([...kept, ...wanted], (entry) => entry);
  return { entries: groups.map((group) => mergeEntries(group).entry), kept };
}

function cameFrom({ origins }: CatalogEntry, files: readonly string[]): boolean {
  if (files.length === 0) return false;
  if (origins === undefined) return true;
  return origins.some((origin) => files.some((file) => isBelow(origin.file, file)));
}

const isPartOf = ({ origins }: CatalogEntry, faulty: ReadonlySet<string>): boolean =>
  origins?.some((origin) => [...faulty].some((file) => isBelow(origin.file, file))) ?? false;

const isBelow = (file: string, path: string): boolean =>
  path === '.' || file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`);
