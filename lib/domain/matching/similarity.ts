import { distance } from 'fastest-levenshtein';

/** Letters and digits of any script, in words: what is left of `Checkout-API (prod)` is `checkout api prod`. */
function words(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/**
 * How alike two names are, from 0 to 1: by letters, or by shared words in any order, whichever says more. Only
 * ever used for hints to people.
 */
export function similarity(one: string, other: string): number {
  const ours = words(one);
  const theirs = words(other);
  if (ours.length === 0 || theirs.length === 0) return 0;
  const left = ours.join('');
  const right = theirs.join('');
  const byLetters = 1 - distance(left, right) / Math.max(left.length, right.length);
  const shared = new Set(theirs);
  const common = ours.filter((word) => shared.has(word)).length;
  const byWords = (2 * common) / (ours.length + theirs.length);
  return Math.round(100 * Math.max(byLetters, 0.95 * byWords)) / 100;
}

/**
 * How much of a longer name another one makes up, from 0 to 1 by letters, if all its words occur there:
 * `jaeger` is a part of `Jaeger (Low Priority)`. 0 if one of them does not, or if all are shorter than 3 letters.
 */
export function shareOf(whole: string, part: string): number {
  const ours = words(whole);
  const theirs = words(part);
  const present = new Set(ours);
  if (!theirs.every((word) => present.has(word)) || !theirs.some((word) => word.length >= 3)) return 0;
  return Math.min(1, theirs.join('').length / ours.join('').length);
}
