import { serializations } from './json-serializations.ts';

export type MistakeCode =
  | 'whitespace_in_secret'
  | 'quoted_secret'
  | 'several_secrets_in_one'
  | 'decoded_secret'
  | 'byte_order_mark'
  | 'line_ending'
  | 'base64_body'
  | 'wrong_encoding'
  | 'reserialized_body';

/** Something people do to a secret, and how to undo it. */
export interface SecretMistake {
  code: MistakeCode;
  reason: string;
  remedy: string;
  /** The secrets it may have been meant to be. */
  undo: (secret: string) => string[];
}

export const secretMistakes: SecretMistake[] = [
  {
    code: 'whitespace_in_secret',
    reason: 'The secret has white space around it.',
    remedy: 'Remove it; a file or a parameter written by `echo` ends in a newline.',
    undo: (secret) => [secret.trim()],
  },
  {
    code: 'quoted_secret',
    reason: 'The secret is in quotation marks.',
    remedy: 'Remove them; they are not part of it.',
    undo: (secret) => [secret.trim().replace(/^(["'`])(.*)\1$/s, '$2')],
  },
  {
    code: 'several_secrets_in_one',
    reason: 'Several secrets were given as one.',
    remedy: 'Separate them as the option or setting wants it.',
    undo: (secret) => secret.split(/[,;\s]+/),
  },
  {
    code: 'decoded_secret',
    reason: 'The secret was decoded from base64 or encoded again.',
    remedy: 'Use it as the text PagerDuty shows, although it looks like base64.',
    undo: (secret) => [
      encodeBase64(secret),
      encodeBase64(secret).replace(/=+$/, ''),
      ...decodeBase64(secret).map(latin1),
    ],
  },
];

/** Something that happens to a body on its way, and how to undo it. */
export interface BodyMistake {
  code: MistakeCode;
  reason: string;
  remedy: string;
  /** The bodies it may have been. */
  undo: (text: string, rawBody: Uint8Array) => Uint8Array[];
}

const rawAdvice =
  'The signature covers the bytes as they came: keep the raw body and check it before parsing.';

export const bodyMistakes: BodyMistake[] = [
  {
    code: 'byte_order_mark',
    reason: 'The body begins with a byte order mark that was not sent.',
    remedy: 'Save the file as UTF-8 without a byte order mark.',
    undo: (_text, rawBody) => (rawBody[0] === 0xef ? [rawBody.subarray(3)] : []),
  },
  {
    code: 'line_ending',
    reason: 'The body has a line ending at its end, or line endings in it, that were not sent.',
    remedy: 'Save the body without a trailing newline and without converting line endings.',
    undo: (text) =>
      [
        text.replace(/[\r\n]+$/, ''),
        `${text}\n`,
        `${text}\r\n`,
        text.replace(/\r\n/g, '\n'),
        text.replace(/\n/g, '\r\n'),
      ].map(bytes),
  },
  {
    code: 'base64_body',
    reason: 'The body is base64: API Gateway and function URLs encode it and set isBase64Encoded.',
    remedy: 'Decode it to bytes first.',
    undo: (text) => decodeBase64(text),
  },
  {
    code: 'wrong_encoding',
    reason: 'The body was read as Latin-1 instead of UTF-8.',
    remedy: rawAdvice,
    undo: (text) => (/^[\0-\xff]*$/.test(text) ? [Uint8Array.from(text, (char) => char.charCodeAt(0))] : []),
  },
  {
    code: 'reserialized_body',
    reason: 'The body was parsed and written again: white space or escapes differ from what was sent.',
    remedy: rawAdvice,
    undo: (text) => serializations(text).map(bytes),
  },
];

const bytes = (text: string) => new TextEncoder().encode(text);
const latin1 = (raw: Uint8Array) => String.fromCharCode(...raw);

function decodeBase64(text: string): Uint8Array[] {
  try {
    return [Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))];
  } catch {
    return [];
  }
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...bytes(text)));
}
