export type Redact = (text: string) => string;

/** Shorter than this a "secret" would blank out ordinary words. */
const shortest = 4;
/** Answers arrive cut off at some length; a secret cut with them keeps a recognizable beginning. */
const shortestBeginning = 8;

/**
 * Takes secrets out of text that others wrote, such as an answer that echoes the request. Also finds them
 * percent-encoded or with JSON's escaped slashes, and cut off at the end of the text.
 */
export function redactSecrets(secrets: readonly string[]): Redact {
  const variants = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, secret.replaceAll('/', '\\/'), encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    const whole = variants.reduce((kept, variant) => kept.replaceAll(variant, '[redacted]'), text);
    const cut = variants.map((variant) => cutOff(whole, variant)).reduce((a, b) => Math.max(a, b), 0);
    return cut > 0 ? `${whole.slice(0, -cut)}[redacted]` : whole;
  };
}

/** A word of a path is shorter than this, a token is not. */
const shortestToken = 16;

/**
 * What may authorize in a receiver's URL, as it does in those of chat services: long parts of the path, and what
 * stands in the query. Many servers repeat the path of a request they do not know.
 */
export function tokensInUrl(url: string): string[] {
  const { pathname, searchParams } = new URL(url);
  const parts = pathname.split('/').filter((part) => part.length >= shortestToken);
  const values = [...searchParams.values()].filter((value) => value.length >= shortestBeginning);
  return [...parts, ...parts.map(safeDecode), ...values];
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** How many characters at the end of the text are the beginning of the secret. */
function cutOff(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestBeginning; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
