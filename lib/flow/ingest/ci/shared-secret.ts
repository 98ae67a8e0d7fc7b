import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import type { Source } from '../../receive/source.ts';
import type { IngestDeps } from '../deps.ts';

/** How a request proves that its sender knows one of the secrets behind a reference. */
interface Proof {
  header: string;
  holds(request: EdgeRequest, value: string | undefined, secrets: readonly string[]): boolean;
}

/**
 * Credentials of a sender that shares a secret with us, of which there may be several while it is rotated. One that
 * does not match has them read anew once.
 */
export function sharedSecret(
  reference: string | undefined,
  { secrets }: Pick<IngestDeps, 'secrets'>,
  { header, holds }: Proof,
): Pick<Source, 'configured' | 'authenticate'> {
  return {
    configured: reference !== undefined,
    async authenticate(request) {
      const value = request.headers[header];
      if (reference === undefined || !value?.trim()) return 'stranger';
      for (const fresh of [false, true]) {
        if (holds(request, value, await secrets.read(reference, { fresh }))) return 'authentic';
      }
      return 'mismatch';
    },
  };
}
