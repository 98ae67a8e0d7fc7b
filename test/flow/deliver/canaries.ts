import { randomBytes } from 'node:crypto';

/** A piece of a secret this long gives it away; shorter ones turn up by accident. */
const tellTale = 16;

/** A value that nobody would print by chance. */
export const canary = (name: string): string => `canary-${name}-${randomBytes(24).toString('hex')}`;
/** One of the shape Standard Webhooks wants. */
export const canaryKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface Aviary {
  /** From now on this must not be seen anywhere. */
  add(name: string, secret: string): string;
  /** Where which secrets, or pieces of them, can be read. */
  seenIn(places: Record<string, string>): string[];
  /** Those that were added. */
  names(): string[];
}

/** What authorizes in the value of a header; the names in `SignedHeaders=` are no secret. */
export const secretParts = (header: string): string[] =>
  header
    .replace(/^AWS4-.*Signature=/, '')
    .split(/[ ,]/)
    .filter((part) => part.length >= 40);

/** Every secret of a test, to look for in everything that was printed, answered or stored. */
export function createAviary(): Aviary {
  const secrets = new Map<string, Set<string>>();
  const forms = (secret: string): string[] => {
    const text = secret.replace(/^(whsec_|v1[=,]|canary-[a-z_]+-)/, '');
    const bytes = Buffer.from(secret);
    return [
      text,
      encodeURIComponent(text),
      text.replaceAll('/', '\\/'),
      bytes.toString('base64'),
      bytes.toString('hex'),
    ];
  };
  const pieces = (text: string): string[] =>
    Array.from({ length: Math.max(1, Math.floor((text.length - tellTale) / 4) + 1) }, (_, index) =>
      text.slice(index * 4, index * 4 + tellTale),
    );
  return {
    add(name, secret) {
      secrets.set(name, (secrets.get(name) ?? new Set()).add(secret));
      return secret;
    },
    names: () => [...secrets.keys()],
    seenIn(places) {
      const seen: string[] = [];
      for (const [name, values] of secrets) {
        const wanted = [...values].flatMap(forms).flatMap(pieces);
        for (const [place, text] of Object.entries(places)) {
          const piece = wanted.find((each) => text.includes(each));
          if (piece === undefined) continue;
          const at = text.indexOf(piece);
          seen.push(`${name} in ${place}: …${text.slice(Math.max(0, at - 80), at + 40)}…`);
        }
      }
      return seen;
    },
  };
}
