import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * PagerDuty v3 webhook signatures: HMAC-SHA256 over the raw bytes of the body, in hex, prefixed with the
 * version. https://developer.pagerduty.com/docs/verifying-webhook-signatures
 */
export const signaturePattern = /^v1=([0-9a-fA-F]{64})$/;

/** The header's value as PagerDuty would send it for this body and one secret. The secret is used as the text it is. */
export function sign(rawBody: Uint8Array, secret: string): string {
  return `v1=${digest(rawBody, secret).toString('hex')}`;
}

/**
 * Whether any signature in the header was made with any of the secrets; while a secret rotates there are
 * several of both. Never throws. Without a usable secret nothing is authentic: an empty secret would accept
 * what anybody can compute.
 */
export function verifySignature(
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  return verifyDigests(rawBody, signaturesIn(header), secrets);
}

/** Whether any of these is the HMAC-SHA256 of the bytes with any of the secrets. Each has 32 bytes. */
export function verifyDigests(
  rawBody: Uint8Array,
  given: readonly Buffer[],
  secrets: readonly string[],
): boolean {
  if (given.length === 0 || !(rawBody instanceof Uint8Array)) return false;
  let authentic = false;
  for (const secret of secrets) {
    if (!isUsable(secret)) continue;
    const expected = digest(rawBody, secret);
    // No early exit: the time taken must not tell which secret or which signature was right.
    for (const signature of given) authentic = timingSafeEqual(expected, signature) || authentic;
  }
  return authentic;
}

/** Compares two texts in a time that depends on neither: digests have equal length whatever was compared. */
export function equalInConstantTime(left: string, right: string): boolean {
  return timingSafeEqual(sha256(left), sha256(right));
}

/** Entries that are not a complete `v1` signature, such as ones of a future version, are passed over. */
function signaturesIn(header: string | undefined): Buffer[] {
  if (typeof header !== 'string') return [];
  const signatures: Buffer[] = [];
  for (const entry of header.split(',')) {
    const hex = signaturePattern.exec(entry.trim())?.[1];
    if (hex !== undefined) signatures.push(Buffer.from(hex, 'hex'));
  }
  return signatures;
}

function isUsable(secret: unknown): secret is string {
  return typeof secret === 'string' && secret.trim() !== '';
}

function digest(rawBody: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(rawBody).digest();
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
