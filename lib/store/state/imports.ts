import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { changeState, readState, type State } from './state.ts';

/** How far an import has come, from the newest incidents to the oldest. */
export interface ImportProgress {
  /** Nothing created later is looked at. */
  untilMs: number;
  /** Everything created after it is imported. */
  frontierMs: number;
  /** The window being worked on: what was created up to `throughMs` is imported, of that second the incidents named. */
  window?: { sinceMs: number; frontierMs: number; throughMs: number; atThrough: string[] };
  /** Incidents by the month of their creation, `2026-03`. */
  months: Record<string, number>;
  events: number;
  unknown: Record<string, number>;
  /** Incidents of a second in which there were too many to list. */
  unreadable: number;
  finished: boolean;
}

export interface KeptProgress {
  seen: State;
  progress: ImportProgress | undefined;
}

/** The same question continues where it was left. */
export const importRow = (
  sinceMs: number,
  untilMs: number | undefined,
  services: readonly string[],
): string =>
  `import:${iso(sinceMs)}:${untilMs === undefined ? '' : iso(untilMs)}:${services.toSorted().join(',')}`;

export async function readProgress(store: Store, name: string): Promise<KeptProgress> {
  const seen = await readState(store, name);
  const { progress } = seen.row;
  const kept = typeof progress === 'string' ? (JSON.parse(progress) as ImportProgress) : undefined;
  return { seen, progress: kept };
}

/** `undefined` when somebody else has come further meanwhile. */
export async function saveProgress(
  store: Store,
  name: string,
  { seen }: KeptProgress,
  progress: ImportProgress,
): Promise<KeptProgress | undefined> {
  const row = { progress: JSON.stringify(progress), finished: progress.finished };
  if (!(await changeState(store, name, seen, row))) return undefined;
  return { seen: { revision: seen.revision + 1, row }, progress };
}
