import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import { withImpliedTeams } from '../../domain/catalog/implied-teams.ts';
import { entryKeys } from '../../domain/matching/lookup-keys.ts';
import type { Row } from '../database/marshalled.ts';
import { type StoredEntry, sourceLookup, toStored } from './rows.ts';

/** DynamoDB holds 400 KB an item; rows stay well below, so that one is cheap to read and to show. */
const chunkBytes = 150_000;

/**
 * The rows of one push: `source` rows with what was pushed, and the same entries under every key incidents are
 * matched by. They follow from the entries, so whoever has the first can rewrite or delete the second.
 */
export interface PushRows {
  source: Row[];
  lookups: Row[];
}

export function pushRows(source: string, pushId: string, entries: readonly CatalogEntry[]): PushRows {
  const byKey = new Map<string, CatalogEntry[]>();
  for (const entry of withImpliedTeams(entries)) {
    for (const key of entryKeys(entry)) {
      const others = byKey.get(key);
      if (others === undefined) byKey.set(key, [entry]);
      else others.push(entry);
    }
  }
  const rowsOf = (lookup: string, found: readonly CatalogEntry[]): Row[] =>
    chunks(found.map(toStored)).map((chunk, index) => ({
      lookup,
      generation: `${pushId}#${String(index + 1).padStart(4, '0')}`,
      source,
      push_id: pushId,
      entries: chunk,
    }));
  return {
    source: rowsOf(sourceLookup(source), entries),
    lookups: [...byKey].flatMap(([key, found]) => rowsOf(key, found.map(withoutOrigins))),
  };
}

function withoutOrigins({ origins: _, keptFrom: __, ...entry }: CatalogEntry): CatalogEntry {
  return entry;
}

function chunks(entries: readonly StoredEntry[]): StoredEntry[][] {
  const result: StoredEntry[][] = [];
  let current: StoredEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (current.length > 0 && bytes + size > chunkBytes) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(entry);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}
