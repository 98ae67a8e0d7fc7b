import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import { changeState, readState, type State } from './state.ts';

/** How far a Datadog was asked for what it has detected. Times in epoch milliseconds. */
export interface Detected {
  /** All that started up to then, and was shown by then, is written down. */
  throughMs: number;
  /** It is not asked again before. */
  nextMs: number;
  /** Reading was broken off: of what started up to `toMs`, what started after `reachedMs` is written down. */
  open?: { toMs: number; reachedMs: number } | undefined;
  /** What was written down of the time that is looked at again, by the beginnings of the events' ids. */
  seen: string[];
  /** Since when it does not answer, and what it says. */
  failing?: { sinceMs: number; reason: string } | undefined;
}

export interface KeptDetected {
  seen: State;
  detected: Detected | undefined;
}

const nameOf = (destination: string): string => `detected:${destination}`;

export async function readDetected(store: Store, destination: string): Promise<KeptDetected> {
  const seen = await readState(store, nameOf(destination));
  const { progress } = seen.row;
  return { seen, detected: typeof progress === 'string' ? (JSON.parse(progress) as Detected) : undefined };
}

/** `undefined` when somebody else has saved meanwhile. What people look for stands beside the rest. */
export async function saveDetected(
  store: Store,
  destination: string,
  { seen }: KeptDetected,
  detected: Detected,
): Promise<KeptDetected | undefined> {
  const row = {
    progress: JSON.stringify(detected),
    read_through: iso(detected.throughMs),
    asked_again_at: iso(detected.nextMs),
    last_error: detected.failing?.reason,
    failing_since: detected.failing && iso(detected.failing.sinceMs),
  };
  if (!(await changeState(store, nameOf(destination), seen, row))) return undefined;
  return { seen: { revision: seen.revision + 1, row }, detected };
}
