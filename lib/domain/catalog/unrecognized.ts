import { schemaVersion } from './datadog-service.ts';
import type { Document, Problem } from './format.ts';

const known = 'known are Datadog v1, v2, v2.1, v2.2 and v3, and Backstage (backstage.io/v1alpha1)';

/**
 * What to say about a document of no known format. One that looks like an attempt at a definition is an error,
 * for what it defines would silently be missing; anything else that happens to lie in the folder, such as other
 * tools' files that say `schema-version: v1`, is a note.
 */
export function unrecognized(document: Document): Problem {
  const version = schemaVersion(document);
  if ('dd-service' in document) {
    if (version === 'v1') {
      return error(
        'dd-service',
        'dd-service stands below info in v1; for this layout add "schema-version: v2.2"',
      );
    }
    if (version !== undefined) {
      return error('schema-version', `schema-version "${version}" is not known; ${known}`);
    }
    return error(
      'dd-service',
      'schema-version is missing; add "schema-version: v2.2", or the version this was written for',
    );
  }
  const { apiVersion } = document;
  if (
    typeof apiVersion === 'string' &&
    /^v\d+$/.test(apiVersion) &&
    'metadata' in document &&
    !isKubernetes(document)
  ) {
    return error('apiVersion', `apiVersion "${apiVersion}" is not known; ${known}`);
  }
  if (apiVersion === undefined && 'metadata' in document && 'kind' in document) {
    return error('kind', `apiVersion is missing; ${known}`);
  }
  return { severity: 'note', path: [], reason: `is not a catalog definition and is passed over; ${known}` };
}

const error = (key: string, reason: string): Problem => ({ severity: 'error', path: [key], reason });

/** Kubernetes' core resources have the apiVersion `v1` and live in the same repositories. */
function isKubernetes({ apiVersion }: Document): boolean {
  return apiVersion === 'v1';
}
