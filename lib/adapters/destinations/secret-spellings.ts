/** What HTML calls the characters that occur in secrets. */
const entities = new Map([
  ['plus', '+'],
  ['sol', '/'],
  ['equals', '='],
  ['lowbar', '_'],
  ['UnderBar', '_'],
  ['hyphen', '-'],
  ['dash', '-'],
  ['period', '.'],
  ['colon', ':'],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** A text as somebody sees it, and where its characters stand in the one that was written. */
export interface View {
  text: string;
  /** Where the character at this place begins, and ends, in what was written. */
  start(at: number): number;
  end(at: number): number;
}

/** Ways programs write a character: in JSON, in URLs and forms, in HTML. */
const spelling =
  /\\u([0-9a-fA-F]{4})|((?:%[0-9a-fA-F]{2})+)|&#0*(\d{1,7});|&#[xX]0*([0-9a-fA-F]{1,6});|&([A-Za-z]{2,8});|\\([^A-Za-z0-9])/g;

/** The text with every spelled character as it is meant. */
export function decodeSpellings(written: string): View {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  const add = (part: string, from: number, each: number, to: number) => {
    for (let at = 0; at < part.length; at++) {
      starts.push(from + at * each);
      ends.push(each === 0 ? to : from + (at + 1) * each);
    }
    text += part;
  };
  let done = 0;
  for (const found of written.matchAll(spelling)) {
    const decoded = decode(found);
    if (decoded === undefined) continue;
    const { index } = found;
    const end = index + found[0].length;
    add(written.slice(done, index), done, 1, index);
    // Of bytes in URLs that make longer characters together, nobody needs to know which is which.
    const apart = found[2] !== undefined && decoded.length * 3 === found[0].length;
    add(decoded, index, apart ? 3 : 0, end);
    done = end;
  }
  add(written.slice(done), done, 1, written.length);
  return { text, start: (at) => starts[at] ?? written.length, end: (at) => ends[at] ?? written.length };
}

function decode([, unicode, percent, decimal, hex, name, escaped]: RegExpMatchArray): string | undefined {
  if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
  if (percent !== undefined) return Buffer.from(percent.replaceAll('%', ''), 'hex').toString();
  if (decimal !== undefined) return fromCode(Number(decimal));
  if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
  return name === undefined ? escaped : entities.get(name);
}

const fromCode = (code: number): string | undefined =>
  code <= 0x10ffff ? String.fromCodePoint(code) : undefined;

/** What may be left at the end of a text that was cut in the midst of such a spelling. */
export const beginningOfSpelling = /^(?:%[0-9A-Fa-f]?|\\(?:u[0-9A-Fa-f]{0,3})?|&#?[xX]?[0-9A-Za-z]{0,8})?$/;

const signing = 'whsec_';

/** The texts a secret can be known by: itself, without its prefix, as hexadecimal, as base64 of itself. */
export function formsOf(secret: string): string[] {
  const bare = secret.startsWith(signing) ? [secret.slice(signing.length)] : [];
  const key = bare.map((text) => Buffer.from(text, 'base64').toString('hex'));
  const hex = [secret, ...bare].map((text) => Buffer.from(text).toString('hex'));
  const digits = [...key, ...hex].flatMap((text) => [text, text.toUpperCase()]);
  // Forms write a space as a plus.
  const inForms = secret.includes(' ') ? [secret.replaceAll(' ', '+')] : [];
  return [...new Set([secret, ...inForms, ...bare, ...digits, ...base64Forms(secret)])];
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
