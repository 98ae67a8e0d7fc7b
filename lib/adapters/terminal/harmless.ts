/**
 * What takes over a terminal or deceives who reads it: control characters but line end and tab (escape sequences begin
 * with one, U+009B is one by itself), what turns the direction of text, what is invisible, the tag characters in which
 * text for machines is hidden, and halves of characters. A carriage return counts unless a line ends with it.
 */
const harmful = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]',
    '\\r(?!\\n)',
    '[\\u00ad\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0]',
    '[\\ufff0-\\ufffb]',
    '[\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]',
    '[\\ud800-\\udfff]',
  ].join('|'),
  'gu',
);

const runs = new RegExp(`(?:${harmful.source})+`, 'gu');

const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');

/**
 * Text as it may be printed: whatever is harmful is written as `\u009b`. All that is printed goes through here, once,
 * so nobody need remember where a text comes from. In JSON such characters stand in strings only, where this is their
 * escape: what a machine reads is what it was.
 */
export const harmless = (text: string): string => text.replace(harmful, escaped);

/** The same where there is no room for escapes: a space for each run of what is harmful. */
export const withoutHarm = (text: string): string => text.replace(runs, ' ');
