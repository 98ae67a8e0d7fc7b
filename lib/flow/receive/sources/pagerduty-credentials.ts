import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import { verifyApiKey } from '../../../domain/pagerduty/api-key.ts';
import { verifySignature } from '../../../domain/pagerduty/signature.ts';
import type { Secrets } from '../../../ports.ts';
import type { Authentication } from '../source.ts';

/** References to the secrets of the authenticators; all that are configured must pass. */
export interface Authenticators {
  signing_secrets?: string;
  api_keys?: string;
}

const apiKeyHeaders = ['dd-api-key', 'x-api-key'] as const;

export async function authenticate(
  request: EdgeRequest,
  authenticators: Authenticators,
  secrets: Secrets,
): Promise<Authentication> {
  const { headers } = request;
  const marked =
    headers['x-pagerduty-signature'] !== undefined ||
    headers['x-webhook-id'] !== undefined ||
    apiKeyHeaders.some((name) => headers[name] !== undefined);
  if (!marked) return 'stranger';
  if (await passes(request, authenticators, secrets, false)) return 'authentic';
  // The secret may have been rotated since it was cached.
  return (await passes(request, authenticators, secrets, true)) ? 'authentic' : 'mismatch';
}

async function passes(
  request: EdgeRequest,
  authenticators: Authenticators,
  secrets: Secrets,
  fresh: boolean,
): Promise<boolean> {
  const { signing_secrets: signing, api_keys: keys } = authenticators;
  const apiKeys = keys ? secrets.read(keys, { fresh }) : undefined;
  // Both are read side by side; a failure of the one is no unhandled rejection while the other is awaited.
  apiKeys?.catch(() => {});
  if (signing) {
    const signature = request.headers['x-pagerduty-signature'];
    if (!verifySignature(request.rawBody, signature, await secrets.read(signing, { fresh }))) return false;
  }
  if (apiKeys) {
    const known = await apiKeys;
    if (!apiKeyHeaders.some((name) => verifyApiKey(request.headers[name], known))) return false;
  }
  return signing !== undefined || keys !== undefined;
}
