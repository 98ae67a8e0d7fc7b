import { userInfo } from 'node:os';
import type { Io } from './io.ts';

/** Who is at this terminal. A container may have a user without a name. */
export function personOf({ environment }: Io): string {
  const named = environment['USER']?.trim() || environment['USERNAME']?.trim();
  if (named) return named;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
