import type { EdgeRequest } from '../../adapters/incoming-http/request.ts';
import { verifyApiKey } from '../../domain/pagerduty/api-key.ts';
import type { Authentication } from '../receive/source.ts';
import type { IngestDeps } from './deps.ts';

const apiKeyHeaders = ['dd-api-key', 'x-api-key'];
const applicationKeyHeaders = ['dd-application-key'];

/** The keys that bridge.yml has for whoever reports, and who may besides read, change and delete. */
export interface Keys {
  configured: boolean;
  authenticate(request: EdgeRequest): Promise<Authentication>;
}

/**
 * `reporting`: one of the API keys. `managing`: one of the application keys beside it. Constant time over all that
 * are configured; a mismatch has them read anew once, since they may have been rotated.
 */
export function keysFor(what: 'reporting' | 'managing', { config, secrets }: KeyDeps): Keys {
  const { api_keys, application_keys } = config.ingest;
  const wanted = [
    { headers: apiKeyHeaders, reference: api_keys },
    ...(what === 'managing' ? [{ headers: applicationKeyHeaders, reference: application_keys }] : []),
  ];
  const passes = async (request: EdgeRequest, fresh: boolean) => {
    for (const { headers, reference } of wanted) {
      const keys = reference === undefined ? [] : await secrets.read(reference, { fresh });
      if (!headers.some((name) => verifyApiKey(request.headers[name], keys))) return false;
    }
    return true;
  };
  return {
    configured: wanted.every(({ reference }) => reference !== undefined),
    async authenticate(request) {
      const complete = wanted.every(({ headers }) => headers.some((name) => request.headers[name]?.trim()));
      if (!complete) return 'stranger';
      if (await passes(request, false)) return 'authentic';
      return (await passes(request, true)) ? 'authentic' : 'mismatch';
    },
  };
}

type KeyDeps = Pick<IngestDeps, 'config' | 'secrets'>;
