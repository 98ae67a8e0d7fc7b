import { createHmac } from 'node:crypto';

export interface SignedMessage {
  /** The same on every attempt. */
  id: string;
  /** Unix seconds of this attempt. */
  timestamp: number;
  body: string;
}

/**
 * The `webhook-signature` header of Standard Webhooks: one `v1,` signature a secret, so that a receiver that
 * knows only the old or only the new one is content while they rotate.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatures({ id, timestamp, body }: SignedMessage, keys: readonly Buffer[]): string[] {
  return keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`,
  );
}

export type SigningKey = { key: Buffer } | { fault: string };

/** `whsec_` followed by base64; like the reference libraries, the prefix may be missing. The fault never quotes it. */
export function signingKey(secret: string): SigningKey {
  const encoded = secret.replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  const normal = (text: string) => text.replace(/=+$/, '');
  if (encoded === '' || normal(key.toString('base64')) !== normal(encoded)) {
    return { fault: 'is not base64 (expected whsec_ and the base64 of 24 to 64 random bytes)' };
  }
  return { key };
}
