/** One document in the content of a file, and the way to it. */
export interface Part {
  value: unknown;
  path: PropertyKey[];
  /** One of many that a program has put together, rather than a document people keep in one file with others. */
  exported: boolean;
}

/**
 * The documents in what was parsed. Beside a document by itself these are known: a list; `kind: List` of
 * Kubernetes; the answers of Backstage's API (`items`) and of Datadog's (`data` and `included`, the definition
 * under `attributes.schema`).
 */
export function unwrap(content: unknown): Part[] {
  if (Array.isArray(content)) return items(content, [], false);
  if (!isMapping(content)) return [{ value: content, path: [], exported: false }];
  if (Array.isArray(content['items']) && !('metadata' in content && 'spec' in content)) {
    return items(content['items'], ['items'], true);
  }
  const schemas = ['data', 'included'].flatMap((key) => schemasIn(content[key], key));
  return schemas.length > 0 ? schemas : [{ value: content, path: [], exported: false }];
}

function items(list: readonly unknown[], path: PropertyKey[], exported: boolean): Part[] {
  return list.map((value, index) => ({ value, path: [...path, index], exported }));
}

function schemasIn(list: unknown, key: string): Part[] {
  const resources = Array.isArray(list) ? list : isMapping(list) ? [list] : [];
  return resources.flatMap((resource, index) => {
    const attributes = isMapping(resource) ? resource['attributes'] : undefined;
    const schema = isMapping(attributes) ? attributes['schema'] : undefined;
    const path = [key, ...(Array.isArray(list) ? [index] : []), 'attributes', 'schema'];
    return isMapping(schema) ? [{ value: schema, path, exported: true }] : [];
  });
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
