import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import type { Store } from '../database/dynamo.ts';
import { get, query } from '../database/request.ts';
import {
  type EntriesRow,
  type GenerationRow,
  generationLookup,
  noGeneration,
  partOf,
  pointerKey,
  readEntriesRow,
  readGenerationRow,
  sourceLookup,
} from './rows.ts';

const table = 'catalog';

/** The catalog could not be read as a whole: a reason to try again, never a reason to say that nothing matched. */
export class CatalogUnavailable extends Error {
  readonly code = 'catalog_unavailable';
  constructor(message: string) {
    super(message);
    this.name = 'CatalogUnavailable';
  }
}

/** The generation in force, read consistently; `0000000000` while nothing has been pushed. */
export async function currentGeneration(store: Store): Promise<string> {
  const pointer = await get(store, table, pointerKey);
  if (pointer === undefined) return noGeneration;
  const current = pointer['current'];
  if (typeof current === 'string' && current !== '') return current;
  throw new CatalogUnavailable('The pointer row of the catalog names no generation; push the catalog again.');
}

/** Undefined when the row is not there (any more): the pointer it came from is out of date. */
export async function readGeneration(store: Store, generation: string): Promise<GenerationRow | undefined> {
  if (generation === noGeneration) return { generation, sources: {} };
  const row = await get(store, table, { lookup: generationLookup, generation });
  return row === undefined ? undefined : readGenerationRow(row);
}

/** The rows found under one key, of all sources and of all generations that still exist. */
export async function readLookup(store: Store, lookup: string): Promise<EntriesRow[]> {
  const rows = await query(store, table, { keys: '#lookup = :lookup', values: { lookup } });
  return rows.map(readEntriesRow);
}

/** Only what belongs to this generation. */
export function inForce(generation: GenerationRow, rows: readonly EntriesRow[]): EntriesRow[] {
  return rows.filter((row) => partOf(generation, row.source)?.push_id === row.pushId);
}

/** Everything one push of a source defined. */
export async function readPush(store: Store, source: string, pushId: string): Promise<CatalogEntry[]> {
  const rows = await query(store, table, {
    keys: '#lookup = :lookup AND begins_with(#generation, :push)',
    values: { lookup: sourceLookup(source), push: `${pushId}#` },
  });
  return rows.flatMap((row) => readEntriesRow(row).entries);
}

const attempts = 3;

/**
 * Runs a read against the generation in force. `read` is started beside the reading of the generation row, so
 * both together are one round trip after the pointer's.
 */
export async function readConsistently<T>(
  store: Store,
  read: () => Promise<T>,
): Promise<{ generation: GenerationRow; result: T }> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const current = await currentGeneration(store);
    const [generation, result] = await Promise.all([readGeneration(store, current), read()]);
    if (generation !== undefined) return { generation, result };
  }
  throw new CatalogUnavailable(
    `The generation the catalog's pointer names is missing, ${attempts} times in a row; push the catalog again.`,
  );
}

/** What a source defines in this generation. */
export async function readSource(
  store: Store,
  source: string,
  generation: GenerationRow,
): Promise<CatalogEntry[]> {
  const part = partOf(generation, source);
  if (part === undefined) return [];
  const entries = await readPush(store, source, part.push_id);
  if (entries.length === part.services + part.teams) return entries;
  throw new CatalogUnavailable(
    `Source "${source}" should have ${part.services + part.teams} entries in the catalog, but ${entries.length} could be read; try again.`,
  );
}
