import { equalInConstantTime } from './signature.ts';

/**
 * Whether a key sent in a custom header is one of the configured ones. Constant time over all of them; an
 * empty key on either side never matches.
 */
export function verifyApiKey(candidate: string | undefined, keys: readonly string[]): boolean {
  if (typeof candidate !== 'string' || candidate.trim() === '') return false;
  let known = false;
  for (const key of keys) {
    if (typeof key !== 'string' || key.trim() === '') continue;
    known = equalInConstantTime(candidate.trim(), key) || known;
  }
  return known;
}
