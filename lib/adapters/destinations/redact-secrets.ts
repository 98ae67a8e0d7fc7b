import { beginningOfSpelling, formsOf, spellingsOf } from './secret-spellings.ts';

export type Redact = (text: string) => string;

/** Shorter than this a "secret" would blank out ordinary words. */
const shortest = 4;
/** Answers arrive cut off at some length; a secret cut with them keeps a recognizable beginning. */
const shortestBeginning = 8;

/**
 * Takes secrets out of text that others wrote, such as an answer that echoes the request: as they are, in whatever
 * way a program has written their characters (secret-spellings.ts), and cut off at the end of the text.
 */
export function redactSecrets(secrets: readonly string[]): Redact {
  let patterns: { whole: RegExp; cutOff: RegExp }[] | undefined;
  return (text) => {
    patterns ??= patternsOf(secrets);
    const whole = patterns.reduce((kept, pattern) => kept.replace(pattern.whole, '[redacted]'), text);
    const cutAt = patterns.map(({ cutOff }) => whole.search(cutOff)).filter((at) => at >= 0);
    return cutAt.length > 0 ? `${whole.slice(0, Math.min(...cutAt))}[redacted]` : whole;
  };
}

/** Made when the first text is looked through: most attempts end without one. */
function patternsOf(secrets: readonly string[]): { whole: RegExp; cutOff: RegExp }[] {
  return secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap(formsOf)
    .filter((form) => form.length >= shortest)
    .toSorted((one, other) => other.length - one.length)
    .map((form) => {
      const characters = [...form].map(spellingsOf);
      const beginning = characters.slice(0, shortestBeginning).join('');
      // One group in another, each optional: as much of the rest as there is.
      const rest = characters
        .slice(shortestBeginning)
        .reduceRight((inner, character) => `(?:${character}${inner})?`, '');
      return {
        whole: new RegExp(characters.join(''), 'g'),
        cutOff: new RegExp(`${beginning}${rest}${beginningOfSpelling}$`),
      };
    });
}

/** A word of a path is shorter than this, a token is not. */
const shortestToken = 16;

/**
 * What may authorize in a receiver's URL, as it does in those of chat services: long parts of the path, and what
 * stands in the query. Many servers repeat the path of a request they do not know.
 */
export function tokensInUrl(url: string): string[] {
  const { pathname, searchParams, username, password } = new URL(url);
  const parts = pathname.split('/').filter((part) => part.length >= shortestToken);
  // `?token` alone is a name without a value.
  const values = [...searchParams].map(([name, value]) => value || name);
  const authorizing = [...values, username, password].filter((value) => value.length >= shortestBeginning);
  return [...parts, ...parts.map(safeDecode), ...authorizing];
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
