import { beginningOfSpelling, decodeSpellings, formsOf, type View } from './secret-spellings.ts';

export type Redact = (text: string) => string;

/** Shorter than this a "secret" would blank out ordinary words. */
const shortest = 4;
/** Answers arrive cut off at some length; a secret cut with them keeps a recognizable beginning. */
const shortestBeginning = 8;

/** Of the text, from `start` to before `end`. */
interface Span {
  start: number;
  end: number;
}

/**
 * Takes secrets out of text that others wrote, such as an answer that echoes the request: as they are, in whatever
 * way a program has written their characters (secret-spellings.ts), and cut off at the end of the text.
 */
export function redactSecrets(secrets: readonly string[]): Redact {
  let forms: string[] | undefined;
  return (text) => {
    // Most attempts end without a text to look through.
    forms ??= secrets
      .filter((secret) => secret.length >= shortest)
      .flatMap(formsOf)
      .filter((form) => form.length >= shortest);
    if (forms.length === 0 || text.length < shortest) return text;
    // As it stands too: what decoding changes may be a part of a secret.
    const views = [asItIs(text), decodeSpellings(text)];
    return without(
      text,
      views.flatMap((view) => spansIn(view, forms ?? [])),
    );
  };
}

const asItIs = (text: string): View => ({ text, start: (at) => at, end: (at) => at + 1 });

function spansIn({ text, start, end }: View, forms: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      spans.push({ start: start(at), end: end(at + form.length - 1) });
    }
    const cutOff = cutOffAt(text, form);
    if (cutOff !== undefined) spans.push({ start: start(cutOff), end: Number.POSITIVE_INFINITY });
  }
  return spans;
}

/** Where the form begins that the end of the text has cut off, perhaps in the midst of the spelling of a character. */
function cutOffAt(text: string, form: string): number | undefined {
  const beginning = form.slice(0, shortestBeginning);
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    let same = beginning.length;
    while (at + same < text.length && text[at + same] === form[same]) same++;
    if (beginningOfSpelling.test(text.slice(at + same))) return at;
  }
  return undefined;
}

function without(text: string, spans: readonly Span[]): string {
  let kept = '';
  let done = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= done) continue;
    if (start >= done) kept += `${text.slice(done, start)}[redacted]`;
    done = end;
  }
  return kept + text.slice(done);
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
