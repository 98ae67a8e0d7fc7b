/** Names that HTML has for what occurs in secrets. */
const entities = new Map([
  ['+', 'plus'],
  ['/', 'sol'],
  ['=', 'equals'],
  ['_', '(?:lowbar|UnderBar)'],
  ['-', '(?:hyphen|dash)'],
  ['.', 'period'],
  [':', 'colon'],
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
  ["'", 'apos'],
]);

const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const alphanumeric = /^[A-Za-z0-9]$/;

/** A pattern for one character as programs write it: as it is, in JSON, in URLs and forms, in HTML. */
export function spellingsOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const numeric = [`&#0*${code};`, `&#[xX]0*${anyCase(hex)};`];
  const unicode = code > 0xffff ? [] : [`\\\\u${anyCase(hex.padStart(4, '0'))}`];
  const percent = [...new TextEncoder().encode(character)]
    .map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('');
  const escaped = alphanumeric.test(character) ? [] : [`\\\\${literal(character)}`];
  const named = entities.has(character) ? [`&${entities.get(character)};`] : [];
  const plus = character === ' ' ? ['\\+'] : [];
  return `(?:${[literal(character), ...escaped, ...unicode, percent, ...numeric, ...named, ...plus].join('|')})`;
}

/** What may be left at the end of a text that was cut in the midst of such a spelling. */
export const beginningOfSpelling = '(?:%[0-9A-Fa-f]?|\\\\(?:u[0-9A-Fa-f]{0,3})?|&#?[xX]?[0-9A-Za-z]{0,8})?';

const signing = 'whsec_';

/** The texts a secret can be known by: itself, without its prefix, as hexadecimal, as base64 of itself. */
export function formsOf(secret: string): string[] {
  const bare = secret.startsWith(signing) ? [secret.slice(signing.length)] : [];
  const key = bare.map((text) => Buffer.from(text, 'base64').toString('hex'));
  const hex = [secret, ...bare].map((text) => Buffer.from(text).toString('hex'));
  const digits = [...key, ...hex].flatMap((text) => [text, text.toUpperCase()]);
  return [...new Set([secret, ...bare, ...digits, ...base64Forms(secret)])];
}

/**
 * Base64 of the secret wherever it stands in what was encoded (`user:secret`): bytes before it move its bits, so there
 * are three forms, each without the characters that depend on its neighbours.
 */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(start, end));
  });
}
