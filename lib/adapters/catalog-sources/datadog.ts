import { getJson, isObject } from './get-json.ts';
import { readKey } from './read-key.ts';
import { type CatalogSource, type SourceDeps, SourceFault } from './source.ts';

export interface DatadogSource {
  name: string;
  type: 'datadog';
  site: string;
  api_key: string;
  application_key: string;
  base_url?: string | undefined;
  allow_private: boolean;
}

const pageSize = 100;
const mostPages = 2_000;

/**
 * Entities of version 3 and service definitions of the versions before; of a service that is both, the entity counts.
 * https://docs.datadoghq.com/api/latest/software-catalog/ and …/service-definition/
 */
export function createDatadogSource(config: DatadogSource, deps: SourceDeps): CatalogSource {
  const base = config.base_url?.replace(/\/+$/, '') ?? `https://api.${config.site}`;
  return {
    name: config.name,
    async read(deadlineMs) {
      const headers = {
        'dd-api-key': await readKey(deps, config.api_key),
        'dd-application-key': await readKey(deps, config.application_key),
      };
      const pages = async (path: (page: number) => string, nothing: readonly number[]) => {
        const found = { data: [] as unknown[], included: [] as unknown[] };
        for (let page = 0; page < mostPages; page++) {
          const url = `${base}${path(page)}`;
          const answer = await getJson(deps, {
            url,
            headers,
            deadlineMs,
            allowPrivate: config.allow_private,
            nothing,
          });
          if (answer === undefined) return found;
          if (!Array.isArray(answer['data'])) throw new SourceFault('Datadog answered without `data`');
          found.data.push(...answer['data']);
          if (Array.isArray(answer['included'])) found.included.push(...answer['included']);
          if (answer['data'].length < pageSize) return found;
        }
        throw new SourceFault(`Datadog has more than ${mostPages} pages`);
      };
      const size = encodeURIComponent('page[size]');
      const number = encodeURIComponent('page[number]');
      const offset = encodeURIComponent('page[offset]');
      const limit = encodeURIComponent('page[limit]');
      // Where these are gone there is nothing older than version 3.
      const older = await pages(
        (page) => `/api/v2/services/definitions?${size}=${pageSize}&${number}=${page}&schema_version=v2.2`,
        [404, 410],
      );
      const entities = await pages(
        (page) => `/api/v2/catalog/entity?${offset}=${page * pageSize}&${limit}=${pageSize}&include=schema`,
        [],
      );
      return [JSON.stringify({ data: older.data }), JSON.stringify({ data: withSchemas(entities) })];
    },
  };
}

/** Each entity with its definition; where none was included, with as much of one as its attributes say. */
function withSchemas({ data, included }: { data: unknown[]; included: unknown[] }): unknown[] {
  const schemas = new Map<unknown, unknown>();
  for (const each of included) {
    if (!isObject(each) || each['type'] !== 'schema' || !isObject(each['attributes'])) continue;
    schemas.set(each['id'], each['attributes']['schema']);
  }
  return data.filter(isObject).map((entity) => {
    const attributes = isObject(entity['attributes']) ? entity['attributes'] : {};
    const related = schemaId(entity);
    const schema = schemas.get(related) ?? schemas.get(entity['id']) ?? asSchema(attributes);
    return { attributes: { schema } };
  });
}

/** The id under which the definition of an entity is included, where the answer says so. */
function schemaId(entity: Record<string, unknown>): unknown {
  const relationships = entity['relationships'];
  const schema = isObject(relationships) ? relationships['schema'] : undefined;
  const data = isObject(schema) ? schema['data'] : undefined;
  return isObject(data) ? data['id'] : undefined;
}

function asSchema({ apiVersion = 'v3', kind, name, namespace, owner, displayName }: Record<string, unknown>) {
  return { apiVersion, kind, metadata: { name, namespace, owner, displayName } };
}
