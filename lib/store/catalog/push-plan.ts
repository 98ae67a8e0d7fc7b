import type { Unread } from '../../domain/catalog/definition.ts';
import type { CatalogDifference } from '../../domain/catalog/difference.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import type { Clock, Random } from '../../ports.ts';
import type { Store } from '../database/dynamo.ts';
import type { Overlap } from './overlaps.ts';
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
  /** What could not be read this time: what this source has pushed of it stays. */
  unread?: readonly Unread[];
  /** Refuses what contradicts other sources. */
  strict?: boolean;
}

/** What a push would do, judged against one generation. */
export interface PushPlan {
  source: string;
  /** With what is kept. */
  entries: readonly CatalogEntry[];
  base: GenerationRow;
  difference: CatalogDifference;
  /** Entries that stay because their definitions could not be read; `keptFrom` says since when. */
  kept: readonly CatalogEntry[];
  /** Where this source and others contradict each other, and which holds; a sentence each. */
  contradictions: readonly string[];
  /** Services that are removed here, and go on as what these other sources say of them. */
  stillDefined: readonly Overlap[];
  /** Other sources contribute to some of the services. */
  shares: boolean;
  strict: boolean;
  /** Nothing differs that matters to incidents, but where the entries come from does. */
  rewrite: boolean;
}

export interface PushResult {
  /** The generation in force afterwards. */
  generation: string;
  rowsWritten: number;
  /** Contradictions with what others have pushed since the plan was made. */
  contradictions: readonly string[];
}
