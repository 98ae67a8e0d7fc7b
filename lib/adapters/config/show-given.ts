import { cut } from '../../domain/text/cut.ts';

/** Words of a person: of one kind of letters each, joined by what joins words, with a digit at the end at most. */
const words =
  /^(?:[A-Z]?[a-z]{0,20}(?:[A-Z][a-z]{1,20}){0,2}|[A-Z]{1,20})(?:[_.-](?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20})){0,4}\d{0,2}$/;
/** An address without a path, in which a token could stand. */
const address = /^(?:https?:\/\/)?[a-z0-9-]{1,30}(?:\.[a-z0-9-]{1,30}){1,4}\/?$/;
const longestWord = 40;
/** Nobody's secret is so short. */
const shortest = 6;
const kept = 3;

/**
 * What somebody has written into the configuration, to be shown in a message: as it is if it is a word, else only how
 * it begins. A secret pasted into the wrong line must not go on into logs of a build.
 */
export function showGiven(text: string): string {
  if (text.length <= shortest || address.test(text) || (text.length <= longestWord && words.test(text)))
    return text;
  return `${cut(text, kept)}…`;
}

/** The same for each word of a message that somebody else has made of it. */
export function showGivenIn(message: string): string {
  return message.replace(/[^\s"'`,;()[\]{}]+/g, (word) => {
    const [, before = '', given = word, after = ''] = /^([*&!:]*)(.*?)([:.]*)$/s.exec(word) ?? [];
    return before + showGiven(given) + after;
  });
}
