import { verifyDigests } from '../pagerduty/signature.ts';

const form = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether the header `X-Hub-Signature-256` is of these bytes and one of the secrets, in constant time. Never throws.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function verifyHubSignature(
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  const hex = form.exec(header?.trim() ?? '')?.[1];
  return hex !== undefined && verifyDigests(rawBody, [Buffer.from(hex, 'hex')], secrets);
}
