import { getJson, isObject } from './get-json.ts';
import { readKey } from './read-key.ts';
import { type CatalogSource, type SourceDeps, SourceFault } from './source.ts';

export interface BackstageSource {
  name: string;
  type: 'backstage';
  url: string;
  token: string;
  allow_private: boolean;
}

/** `relations` has the owner as Backstage resolved it, also where the definition itself names none. */
const fields =
  'kind,apiVersion,metadata.name,metadata.namespace,metadata.title,metadata.annotations,spec.type,spec.owner,spec.profile,relations';
const pageSize = 500;
const mostPages = 2_000;
const wanted = /^(component|api|resource|system|group)$/i;

/** https://backstage.io/docs/features/software-catalog/software-catalog-api#get-entitiesby-query */
export function createBackstageSource(config: BackstageSource, deps: SourceDeps): CatalogSource {
  return {
    name: config.name,
    async read(deadlineMs) {
      const headers = { authorization: `Bearer ${await readKey(deps, config.token)}` };
      const address = `${config.url.replace(/\/+$/, '')}/api/catalog/entities/by-query`;
      const items: unknown[] = [];
      const cursors = new Set<string>();
      let query = new URLSearchParams({ fields, limit: String(pageSize) });
      for (let page = 0; page < mostPages; page++) {
        const url = `${address}?${query}`;
        const answer = await getJson(deps, { url, headers, deadlineMs, allowPrivate: config.allow_private });
        if (!Array.isArray(answer?.['items'])) throw new SourceFault('Backstage answered without `items`');
        items.push(...answer['items']);
        const info = answer['pageInfo'];
        const next = isObject(info) ? info['nextCursor'] : undefined;
        if (typeof next !== 'string' || next === '') return [asText(items, answer['totalItems'])];
        if (cursors.has(next)) throw new SourceFault('Backstage gave the same page twice');
        cursors.add(next);
        query = new URLSearchParams({ cursor: next });
      }
      throw new SourceFault(`Backstage has more than ${mostPages} pages`);
    },
  };
}

function asText(items: readonly unknown[], total: unknown): string {
  if (typeof total === 'number' && items.length < total) {
    throw new SourceFault(`Backstage has ${total} entities and gave ${items.length} of them`);
  }
  const entities = items.filter(isObject).filter(({ kind }) => typeof kind === 'string' && wanted.test(kind));
  return JSON.stringify({
    items: entities.map((entity) => ({ apiVersion: 'backstage.io/v1alpha1', ...entity })),
  });
}
