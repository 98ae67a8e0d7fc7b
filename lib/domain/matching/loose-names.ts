import { foldedName } from '../catalog/folded-name.ts';
import { comparableName } from '../catalog/names.ts';

/** Words to leave out: each a phrase of one or more words, in comparable form, the longest first. */
export type Looseness = readonly (readonly string[])[];

/** A folded name without some of its words, and which. */
export interface LooseName {
  folded: string;
  leftOut: string[];
}

/** Above this many, only the name without all of them is tried, so that a match needs a handful of keys. */
const mostKept = 5;

/** Brackets and the like end a word; `+`, `#` and `&` are part of one. */
const between = /[\p{Z}\s\p{Pd}\p{Pc}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Cf}./:|,;!*'"<>]+/u;

const wordsOf = (name: string): string[] =>
  (comparableName(name) ?? '').split(between).filter((word) => word !== '');

export function loosenessOf(words: readonly string[]): Looseness {
  return words
    .map(wordsOf)
    .filter((phrase) => phrase.length > 0)
    .sort((one, other) => other.length - one.length);
}

/**
 * What a PagerDuty name may mean when words of the list are left out: all of them, or all but one, because the
 * catalog may tell environments apart, too. Empty for a name without such words, or of nothing else.
 */
export function looseNames(name: string | undefined, looseness: Looseness): LooseName[] {
  if (name === undefined) return [];
  const parts = partsOf(wordsOf(name), looseness);
  const listed = parts.filter(({ leftOut }) => leftOut);
  if (listed.length === 0) return [];
  const kept = listed.length > 1 && listed.length <= mostKept ? listed : [];
  const found = new Map<string, LooseName>();
  for (const keep of [undefined, ...kept]) {
    const stays = (part: Part) => !part.leftOut || part === keep;
    const folded = foldedName(
      parts
        .filter(stays)
        .map(({ text }) => text)
        .join(' '),
    );
    if (folded === undefined || found.has(folded)) continue;
    found.set(folded, {
      folded,
      leftOut: parts.filter((part) => !stays(part)).map(({ text }) => text),
    });
  }
  return [...found.values()];
}

interface Part {
  text: string;
  leftOut: boolean;
}

function partsOf(words: readonly string[], looseness: Looseness): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = looseness.find((listed) => listed.every((word, index) => words[at + index] === word));
    const length = phrase?.length ?? 1;
    parts.push({ text: words.slice(at, at + length).join(' '), leftOut: phrase !== undefined });
    at += length;
  }
  return parts;
}
