import { wellFormed } from './well-formed.ts';

/**
 * The beginning of a text, at most `limit` UTF-16 units, and never half a character: a lone surrogate cannot be
 * written as UTF-8, and a database that refuses one would refuse the whole row. Halves that were there before
 * become U+FFFD.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return wellFormed(text);
  const last = text.charCodeAt(limit - 1);
  return wellFormed(text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit));
}

/** The same, ending in `…` where something was left out; still at most `limit` units. */
export function cutVisibly(text: string, limit: number): string {
  return text.length <= limit ? wellFormed(text) : `${cut(text, limit - 1)}…`;
}
