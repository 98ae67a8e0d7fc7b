import type { CatalogDifference } from '../../domain/catalog/difference.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import type { Clock, Random } from '../../ports.ts';
import type { Store } from '../database/dynamo.ts';
import type { GenerationRow } from './rows.ts';

export interface PushDeps {
  store: Store;
  clock: Clock;
  random: Random;
}

export interface PushRequest {
  /** Who owns these definitions; what other sources define stays as it is. */
  source: string;
  entries: readonly CatalogEntry[];
  /** Without it, nothing at all is refused: an empty folder is more likely a mistake than the end of a source. */
  allowEmpty?: boolean;
}

/** What a push would do, judged against one generation and found free of conflicts in it. */
export interface PushPlan {
  source: string;
  entries: readonly CatalogEntry[];
  base: GenerationRow;
  difference: CatalogDifference;
}

export interface PushResult {
  /** The generation in force afterwards. */
  generation: string;
  rowsWritten: number;
}
